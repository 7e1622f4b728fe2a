"""What the page "connect a camera" is told: what came, what was refused, what to look at."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.response import Response
from time_machine import TimeMachineFixture

from common.instants import to_ms
from events import connection as connecting
from events.models import Event
from tests.floor import NOW, Floor, after, event
from workers.models import Role

SINCE = to_ms(NOW)
Json = dict[str, Any]


@pytest.fixture
def floor(floor: Floor) -> Floor:
    floor.add_member("alan", Role.ADMIN)
    return floor


def look(floor: Floor, camera: str | None = "C1", *, by: str = "alan", **more: Any) -> Response:
    asked = {"site": floor.site.code, "since": SINCE, **({"camera_id": camera} if camera else {})}
    return floor.client.get(
        "/api/v1/connection/",
        asked | {name: text for name, text in more.items() if name != "headers"},
        headers={"Authorization": f"Token {floor._token_of(by)}", **more.get("headers", {})},
    )


def news(floor: Floor, camera: str | None = "C1", **more: Any) -> Json:
    response = look(floor, camera, **more)
    assert response.status_code == 200, response.content
    return response.json()


def test_before_anything_comes_it_waits(floor: Floor) -> None:
    assert news(floor) == {
        "last_seen_at": None,
        "accepted": 0,
        "newest": None,
        "refused": [],
        "hints": [],
    }


def test_what_comes_is_counted_with_the_newest(floor: Floor) -> None:
    floor.put(*(event(after(NOW, seconds=-n), f"W{n}") for n in (3, 2, 1)))
    told = news(floor)
    assert (told["accepted"], told["last_seen_at"]) == (3, "2026-06-17T18:00:00Z")
    assert told["newest"] == {
        "timestamp": "2026-06-17T17:59:59Z",
        "camera_id": "C1",
        "worker_id": "W1",
        "workstation_id": "S1",
        "event_type": "working",
    }


def test_what_came_before_does_not_count(floor: Floor, still_clock: TimeMachineFixture) -> None:
    still_clock.shift(-60)
    floor.put(event(after(NOW, seconds=-61)))
    still_clock.shift(60)
    told = news(floor)
    assert (told["accepted"], told["newest"]) == (0, None)
    assert told["last_seen_at"] == "2026-06-17T17:59:00Z"


def test_another_camera_does_not_count(floor: Floor) -> None:
    floor.put(event(after(NOW, seconds=-1), camera_id="C2"), Authorization=_gateway(floor))
    floor.post(event(after(NOW), "W9", camera_id="C2"), Authorization=_gateway(floor))
    told = news(floor)
    assert (told["accepted"], told["refused"]) == (0, [])


def test_a_gateway_counts_every_camera_of_its_site(floor: Floor) -> None:
    for camera in ("C1", "C2"):
        sent = event(after(NOW, seconds=-1), camera_id=camera)
        floor.put(sent, Authorization=_gateway(floor))
    floor.post(event(after(NOW), camera_id="C9"), Authorization=_gateway(floor))
    told = news(floor, None)
    assert (told["accepted"], told["refused"][0]["subject"]) == (2, "C9")


def _gateway(floor: Floor) -> str:
    return f"Bearer {floor.gateway}"


@pytest.mark.parametrize(
    "wrong, code, subject, page",
    [
        ({"worker": "W9"}, "unknown_worker", "W9", "worker"),
        ({"station": "S 9/ä"}, "unknown_workstation", "S 9/ä", "workstation"),
    ],
)
def test_what_is_unknown_is_named_with_the_form_that_makes_it(
    wrong: Json, code: str, subject: str, page: str, floor: Floor
) -> None:
    for second in range(3):
        floor.post(event(after(NOW, seconds=second), **wrong))
    (refused,) = news(floor)["refused"]
    assert (refused["code"], refused["subject"], refused["count"]) == (code, subject, 3)
    mend = urlsplit(refused["mend"]["url"])
    assert mend.path == f"/admin/workers/{page}/add/"
    assert parse_qs(mend.query) == {"site": [str(floor.site.pk)], "code": [subject]}
    assert refused["mend"]["text"] == f"Create {page} {subject}"


def test_who_is_known_but_not_active_is_looked_at_instead(floor: Floor) -> None:
    floor.retire(floor.workers["W2"], date(2026, 1, 1))
    floor.post(event(after(NOW), "W2"))
    (refused,) = news(floor)["refused"]
    assert refused["mend"] == {
        "text": "Look at worker W2",
        "url": f"/admin/workers/worker/{floor.workers['W2'].pk}/change/",
    }


def test_a_camera_that_speaks_for_another_needs_a_gateways_key(floor: Floor) -> None:
    floor.post(event(after(NOW), camera_id="C2"))
    (refused,) = news(floor, None)["refused"]
    assert refused["mend"]["url"].startswith("/admin/workers/ingestkey/add/")


def test_an_unreadable_event_is_shown_as_sent(floor: Floor) -> None:
    floor.post({"worker_id": 7}, "no object")
    told = news(floor)["refused"]
    assert [row["code"] for row in told] == ["invalid", "invalid"]
    assert all(row["mend"] is None and "/refusedevent/" in row["url"] for row in told)


@pytest.mark.parametrize(
    "hours, kind, word", [(2, "zone", "local time sent as UTC"), (2.29, "ahead", "fast")]
)
def test_what_is_refused_as_future_tells_of_the_clock(
    hours: float, kind: str, word: str, floor: Floor
) -> None:
    floor.post(event(after(NOW, hours=hours)))
    told = news(floor)
    (hint,) = told["hints"]
    assert (told["refused"][0]["code"], hint["kind"]) == ("future", kind)
    assert word in hint["text"]


def test_late_events_tell_of_the_clock(floor: Floor) -> None:
    floor.put(*(event(after(NOW, minutes=-17, seconds=n), f"W{n + 1}") for n in range(5)))
    (hint,) = news(floor)["hints"]
    assert (hint["kind"], hint["url"]) == ("behind", "")
    assert "17 min after" in hint["text"] or "16 min after" in hint["text"]


def test_rare_events_suggest_a_longer_ttl_and_lead_to_the_camera(floor: Floor) -> None:
    floor.cameras["C1"].state_ttl_s = 60
    floor.cameras["C1"].save()
    floor.put(*(event(after(NOW, seconds=-90 * n), "W1") for n in range(6)))
    hint = next(row for row in news(floor)["hints"] if row["kind"] == "ttl")
    assert hint["state_ttl_s"] == 300
    assert "come 1 min apart" in hint["text"]
    assert "Set state ttl to 5 min" in hint["text"]
    assert hint["url"] == f"/admin/workers/camera/{floor.cameras['C1'].pk}/change/"


def test_unchanged_news_cost_a_304(floor: Floor) -> None:
    floor.put(event(after(NOW, seconds=-1)))
    headers = {"If-None-Match": look(floor).headers["ETag"]}
    with CaptureQueriesContext(connection) as queries:
        assert look(floor, headers=headers).status_code == 304
    assert len(queries) == 8
    floor.put(event(after(NOW), "W2"))
    assert look(floor, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda floor: floor.post(event(after(NOW), "W9")), id="refused"),
        pytest.param(lambda floor: floor.post(event(after(NOW), "W8")), id="refused again"),
        pytest.param(lambda floor: floor.add_worker("W8"), id="mended"),
        pytest.param(lambda floor: floor.send({"camera_id": "C1", "events": []}), id="heartbeat"),
    ],
)
def test_whatever_changes_is_told(
    change: Any, floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.post(event(after(NOW), "W8"))
    headers = {"If-None-Match": look(floor).headers["ETag"]}
    still_clock.shift(1)
    change(floor)
    assert look(floor, headers=headers).status_code == 200


@pytest.mark.parametrize("events", [1, 300])
def test_it_costs_the_same_whatever_came(events: int, floor: Floor) -> None:
    floor.put(*(event(after(NOW, seconds=-n)) for n in range(events)))
    floor.post(*(event(after(NOW, seconds=-n), "W9") for n in range(events)))
    look(floor)
    with CaptureQueriesContext(connection) as queries:
        assert look(floor).status_code == 200
    assert len(queries) == 13


def test_only_the_newest_are_looked_at(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.put(*(event(after(NOW, seconds=-n)) for n in range(5)))
    floor.put(event(after(NOW), camera_id="C2"), Authorization=_gateway(floor))
    monkeypatch.setattr(connecting, "WINDOW", 3)
    assert news(floor)["accepted"] == 2


def test_events_are_found_by_their_key_alone(floor: Floor) -> None:
    asked = connecting.Asked(floor.site, floor.cameras["C1"], SINCE)
    with CaptureQueriesContext(connection) as queries:
        connecting.connection_of(asked, connecting.marks_of(asked))
    of_events = [q["sql"] for q in queries if f'FROM "{Event._meta.db_table}"' in q["sql"]]
    assert len(of_events) == 4
    if connection.vendor == "sqlite":  # PostgreSQL plans by what is stored, and here is nothing
        assert all("INTEGER PRIMARY KEY" in plan_of(sql) for sql in of_events)


def plan_of(sql: str) -> str:
    """How SQLite goes about it in a table of any size."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    # The newest row of all is the end of the table itself.
    return plan.replace("SCAN events_event", "INTEGER PRIMARY KEY") if "LIMIT 1" in sql else plan


@pytest.mark.parametrize(
    "role, status", [("viewer", 403), ("manager", 403), ("reviewer", 403), ("admin", 200)]
)
def test_admins_of_the_site_are_told(role: str, status: int, floor: Floor) -> None:
    floor.add_member(f"the {role}", role)
    assert look(floor, by=f"the {role}").status_code == status


def test_another_site_is_not_there(floor: Floor) -> None:
    other = Floor("F2")
    other.add_member("bob", Role.ADMIN)
    assert look(floor, by="bob").status_code == 404
    assert look(floor, camera="none").status_code == 404
    assert floor.client.get("/api/v1/connection/", {"site": "F1"}).status_code == 401


@pytest.mark.parametrize("since", ["-1", "x", "1e3", "9" * 30, "٣"])
def test_a_wrong_since_is_said(since: str, floor: Floor) -> None:
    assert look(floor, since=since).status_code == 400
