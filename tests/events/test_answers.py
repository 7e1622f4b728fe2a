"""The status of every answer to a camera; the body is always JSON."""

import gzip
import json
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings
from rest_framework.response import Response
from time_machine import TimeMachineFixture

from common import clock
from events import ingest
from events.sinks import BusyError
from tests.floor import Floor, event
from workers import keys
from workers.models import IngestKey

SINGLE = event("08:00")


def answer(response: Response) -> tuple[int, str]:
    """Status and code; whatever is no JSON fails here."""
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, response.json()["code"]


# --- stored --------------------------------------------------------------------------------------


def test_one_new_object_is_201(floor: Floor) -> None:
    response = floor.send(SINGLE)
    assert (response.status_code, response.json()) == (201, {"status": "accepted"})


def test_one_object_seen_before_is_200(floor: Floor) -> None:
    floor.send(SINGLE)
    response = floor.send(SINGLE)
    assert (response.status_code, response.json()) == (200, {"status": "duplicate"})


def test_batch_is_200_and_counts_what_became_of_its_items(floor: Floor) -> None:
    answer = floor.post(SINGLE, event("08:01"), SINGLE, event("08:02", worker="nobody"))
    assert (answer["received"], answer["accepted"], answer["duplicate"]) == (4, 2, 1)


def test_batch_names_refused_items_by_index(floor: Floor) -> None:
    wrong = [event("08:01", worker="nobody"), event("08:02", station="nowhere"), {"no": "event"}]
    refused = floor.post(wrong[0], SINGLE, wrong[1], event("08:03"), wrong[2])["refused"]
    assert [(each["index"], each["code"]) for each in refused] == [
        (0, "unknown_worker"),
        (2, "unknown_workstation"),
        (4, "invalid"),
    ]


def test_refusal_says_why(floor: Floor) -> None:
    (refused,) = floor.post(event("08:01", worker="nobody"))["refused"]
    assert "nobody" in refused["detail"]


def test_refusal_of_a_wrong_field_names_its_path(floor: Floor) -> None:
    (refused,) = floor.post(event("08:01", confidence=2))["refused"]
    assert "$.confidence" in refused["detail"]


def test_array_of_one_gets_the_answer_of_a_batch(floor: Floor) -> None:
    assert floor.post(SINGLE) == {"received": 1, "accepted": 1, "duplicate": 0, "refused": []}


def test_empty_array_is_200(floor: Floor) -> None:
    assert floor.post()["received"] == 0


def test_events_in_an_envelope_are_a_batch(floor: Floor) -> None:
    assert floor.send({"events": [SINGLE]}).json()["accepted"] == 1


def test_camera_beside_the_events_is_the_default_of_its_items(floor: Floor) -> None:
    response = floor.send({"events": [SINGLE], "camera_id": "C2"}, key=floor.gateway)
    assert response.json()["accepted"] == 1


def test_line_of_ndjson_gets_the_answer_of_a_batch(floor: Floor) -> None:
    raw = json.dumps(SINGLE).encode()
    response = floor.send(raw, Content_Type="application/x-ndjson")
    assert (response.status_code, response.json()["accepted"]) == (200, 1)


def test_gzipped_body_is_stored(floor: Floor) -> None:
    packed = gzip.compress(json.dumps([SINGLE]).encode())
    assert floor.send(packed, Content_Encoding="gzip").json()["accepted"] == 1


def test_heartbeat_is_200_and_says_that_the_camera_lives(floor: Floor) -> None:
    floor.send({"events": [], "camera_id": "C2"}, key=floor.gateway)
    camera = floor.cameras["C2"]
    camera.refresh_from_db()
    assert camera.last_seen_at == clock.now()


def test_five_thousand_events_are_taken(floor: Floor) -> None:
    events = [event(f"08:{n // 60 % 60:02}:{n % 60:02}.{n // 3600:03}") for n in range(5_000)]
    assert floor.post(*events)["accepted"] == 5_000


# --- who are you? --------------------------------------------------------------------------------


def test_no_key_is_401(floor: Floor) -> None:
    response = floor.client.post("/api/v1/events/", SINGLE)
    assert answer(response) == (401, "not_authenticated")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer fk_nobody_knows", "Basic YTpi", "Token abc", "Bearer \xff"],
)
def test_header_without_a_known_key_is_401(floor: Floor, header: str) -> None:
    response = floor.send(SINGLE, Authorization=header)
    assert answer(response) == (401, "not_authenticated")


def test_401_asks_for_a_bearer(floor: Floor) -> None:
    assert floor.send(SINGLE, key="nobody").headers["WWW-Authenticate"] == "Bearer"


def test_key_with_another_secret_is_401(floor: Floor) -> None:
    changed = floor.key[:-1] + ("a" if floor.key[-1] != "a" else "b")
    assert answer(floor.send(SINGLE, key=changed)) == (401, "not_authenticated")


def test_revoked_key_is_401(floor: Floor) -> None:
    keys.revoke(IngestKey.objects.get(camera__code="C1"), at=clock.now())
    assert answer(floor.send(SINGLE)) == (401, "not_authenticated")


def test_expired_key_is_401(floor: Floor) -> None:
    brief = floor.new_key(expires_at=clock.now() + timedelta(hours=1))
    IngestKey.objects.filter(camera=None).update(expires_at=clock.now())
    assert answer(floor.send(SINGLE, key=brief)) == (401, "not_authenticated")


def test_nothing_is_stored_without_a_key(floor: Floor) -> None:
    floor.send(SINGLE, key="nobody")
    assert (floor.events(), floor.refused().count()) == (0, 0)


def test_one_object_that_names_another_camera_is_403(floor: Floor) -> None:
    assert answer(floor.send(SINGLE | {"camera_id": "C2"})) == (403, "camera_not_allowed")


def test_item_that_names_another_camera_is_refused_alone(floor: Floor) -> None:
    answer = floor.post(SINGLE | {"camera_id": "C2"}, event("08:01"))
    assert (answer["accepted"], answer["refused"][0]["code"]) == (1, "camera_not_allowed")


def test_key_of_one_site_does_not_know_the_workers_of_another(floor: Floor) -> None:
    other = Floor("F2")
    other.add_worker("only here")
    assert floor.code_of(event("08:00", worker="only here")) == "unknown_worker"


# --- not like this -------------------------------------------------------------------------------


def test_refused_object_is_422(floor: Floor) -> None:
    response = floor.send(event("08:00", worker="nobody"))
    assert answer(response) == (422, "unknown_worker")
    assert response.json()["status"] == "refused"


@pytest.mark.parametrize(
    "item, code",
    [
        ({"worker_id": "nobody"}, "unknown_worker"),
        ({"workstation_id": "nowhere"}, "unknown_workstation"),
        ({"camera_id": "blind"}, "unknown_camera"),
        ({"timestamp": "2027-01-01T00:00:00Z"}, "future"),
        ({"timestamp": "2020-01-01T00:00:00Z"}, "expired"),
        ({"event_type": "asleep"}, "invalid"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_each_reason_has_its_code(floor: Floor, item: dict[str, str], code: str) -> None:
    assert answer(floor.send(SINGLE | {"camera_id": "C1"} | item, key=floor.gateway)) == (422, code)


def test_gateway_that_says_no_camera_is_422(floor: Floor) -> None:
    assert answer(floor.send(SINGLE, key=floor.gateway)) == (422, "invalid")


def test_heartbeat_of_an_unknown_camera_is_422(floor: Floor) -> None:
    response = floor.send({"events": [], "camera_id": "blind"}, key=floor.gateway)
    assert answer(response) == (422, "unknown_camera")


def test_heartbeat_for_another_camera_is_403(floor: Floor) -> None:
    assert answer(floor.send({"events": [], "camera_id": "C2"})) == (403, "camera_not_allowed")


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"5", b'"text"', b"\xff\xfe", b"[1,"])
def test_what_is_no_json_of_events_is_400(floor: Floor, body: bytes) -> None:
    assert answer(floor.send(body)) == (400, "malformed")


def test_what_says_gzip_and_is_none_is_400(floor: Floor) -> None:
    assert answer(floor.send(b"[]", Content_Encoding="gzip")) == (400, "malformed")


def test_nesting_beyond_sixteen_is_400(floor: Floor) -> None:
    assert answer(floor.send(b"[" * 17 + b"]" * 17)) == (400, "malformed")


@pytest.mark.parametrize("depth", [15, 16, 40, 900])
@pytest.mark.parametrize("text", ["", "}", "{}", "]", '\\"}'])
@pytest.mark.parametrize("wrap", ["%s", "[%s]", '{"events": [%s]}'], ids=["one", "array", "events"])
def test_nesting_is_counted_whatever_the_texts_between_hold(
    floor: Floor, wrap: str, text: str, depth: int
) -> None:
    """An object of `depth` objects in each other, in one or two brackets more."""
    nested = f'{{"x": "{text}", "y": ' * (depth - 1) + "{}" + "}" * (depth - 1)
    is_too_deep = depth + wrap.count("{") + wrap.count("[") > 16
    assert (floor.send((wrap % nested).encode()).status_code == 400) == is_too_deep


def test_400_stores_nothing_of_the_body(floor: Floor) -> None:
    floor.send(json.dumps([SINGLE]).encode()[:-1])
    assert (floor.events(), floor.refused().count()) == (0, 0)


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "json"],
)
def test_other_type_is_415(floor: Floor, content_type: str) -> None:
    response = floor.send(SINGLE, Content_Type=content_type)
    assert answer(response) == (415, "unsupported_media_type")


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x"])
def test_other_encoding_is_415(floor: Floor, encoding: str) -> None:
    response = floor.send(SINGLE, Content_Encoding=encoding)
    assert answer(response) == (415, "unsupported_encoding")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_method_is_no_fault_of_ours(floor: Floor, method: str) -> None:
    response = getattr(floor.client, method)("/api/v1/events/")
    assert answer(response)[0] in (401, 405)


# --- too much ------------------------------------------------------------------------------------


def test_5001_events_are_413(floor: Floor) -> None:
    assert answer(floor.send([SINGLE] * 5_001)) == (413, "too_large")


def test_5001_lines_are_413(floor: Floor) -> None:
    response = floor.send(b"{}\n" * 5_001, Content_Type="application/x-ndjson")
    assert answer(response) == (413, "too_large")


def test_5001_items_that_are_no_events_are_413(floor: Floor) -> None:
    assert answer(floor.send([1] * 5_001)) == (413, "too_large")


@pytest.mark.parametrize("size", [5_000_001, 6_500_000])
def test_more_than_five_megabytes_are_413(floor: Floor, size: int) -> None:
    assert answer(floor.send(b"[]".ljust(size))) == (413, "too_large")


def test_five_megabytes_are_taken(floor: Floor) -> None:
    assert floor.send(json.dumps([SINGLE]).encode().ljust(5_000_000)).json()["accepted"] == 1


def test_gzip_bomb_is_413(floor: Floor) -> None:
    bomb = gzip.compress(b" " * 100_000_000, compresslevel=1)
    assert answer(floor.send(bomb, Content_Encoding="gzip")) == (413, "too_large")


def test_413_stores_nothing_of_the_body(floor: Floor) -> None:
    floor.send([SINGLE] * 5_001)
    assert (floor.events(), floor.refused().count()) == (0, 0)


# --- too often, too busy -------------------------------------------------------------------------


def test_second_request_within_a_second_is_429_at_a_rate_of_one(
    floor: Floor, settings: Settings
) -> None:
    settings.INGEST_RATE = 1
    floor.send(SINGLE)
    response = floor.send(event("08:01"))
    assert answer(response) == (429, "throttled")
    assert response.headers["Retry-After"] == "1"


def test_rate_is_counted_by_key(floor: Floor, settings: Settings) -> None:
    settings.INGEST_RATE = 1
    floor.send(SINGLE)
    assert floor.send({"events": [], "camera_id": "C2"}, key=floor.gateway).status_code == 200


def test_next_second_has_requests_again(
    floor: Floor, settings: Settings, still_clock: TimeMachineFixture
) -> None:
    settings.INGEST_RATE = 1
    floor.send(SINGLE)
    still_clock.shift(1)
    assert floor.send(event("08:01")).status_code == 201


def test_writer_that_is_behind_is_503(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_args: object, **_kwargs: object) -> None:
        raise BusyError

    monkeypatch.setattr(ingest, "accept", busy)
    response = floor.send(SINGLE)
    assert answer(response) == (503, "unavailable")
    assert response.headers["Retry-After"] == "2"


# --- whoever asks --------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*;q=0", ""])
def test_answer_is_json_whatever_is_accepted(floor: Floor, accept: str) -> None:
    response = floor.send(SINGLE, Accept=accept)
    assert (response.status_code, response.json()) == (201, {"status": "accepted"})


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;charset=latin-1"],
)
def test_type_is_read_without_its_parameters(floor: Floor, content_type: str) -> None:
    assert floor.send(SINGLE, Content_Type=content_type).status_code == 201


def test_other_fields_are_ignored(floor: Floor) -> None:
    assert floor.send(SINGLE | {"mood": {"good": [True]}}).status_code == 201
