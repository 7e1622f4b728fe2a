"""What senders are answered when Kafka stands in front of the store, and what the topic holds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.response import Response

from common import clock
from common.instants import to_ms
from events import sinks
from events.checks import check_kafka_options
from events.domain.wire import MAX_EVENTS
from events.models import Event, RefusedEvent
from events.sinks.kafka import KafkaSink
from events.stream.messages import MAX_BYTES
from tests.broker import Broker
from tests.floor import Floor, Json, after, event
from tests.stream.reading import store_all
from workers import keys
from workers.known import MAX_AGE_MS, TooOldError
from workers.models import Camera, IngestKey, Site

pytestmark = pytest.mark.django_db(transaction=True)


def lately(minutes: float = 5, worker: str = "W1", **more: Any) -> Json:
    return event(after(clock.now(), minutes=-minutes), worker, **more)


def look_again() -> None:
    """What the sink's thread does every few seconds."""
    sink = sinks.sink()
    assert isinstance(sink, KafkaSink)
    assert sink._memory.renewed()


def told(response: Response) -> tuple[int, Json]:
    return response.status_code, response.json()


def queued(number: int = 1) -> tuple[int, Json]:
    return 202, {"received": number, "queued": number, "refused": []}


# --- what is taken -------------------------------------------------------------------------------


def test_batch_is_queued(front: Floor) -> None:
    assert told(front.send([lately(1), lately(2)])) == queued(2)


def test_single_event_is_queued(front: Floor) -> None:
    assert told(front.send(lately())) == queued()


def test_lines_are_queued(front: Floor) -> None:
    lines = "\n".join(json.dumps(lately(minutes)) for minutes in (1, 2))
    answer = front.send(lines.encode(), Content_Type="application/x-ndjson")
    assert told(answer) == queued(2)


def test_heartbeat_is_queued(front: Floor) -> None:
    assert told(front.send({"events": [], "camera_id": "C1"})) == queued(0)


def test_nothing_is_stored_before_the_consumer_comes(front: Floor) -> None:
    front.send([lately()])
    assert Event.objects.count() == 0


def test_message_is_the_event_as_sent_with_what_the_server_knows(
    front: Floor, broker: Broker, topic: str
) -> None:
    raw = json.dumps(lately()).encode()
    front.send(b"[ " + raw + b" ]")
    (message,) = broker.messages(topic)
    start = raw.removesuffix(b"}") + b',"site":"F1","received_at":"'
    assert message.value.startswith(start)
    assert message.value.endswith(b'Z","camera_id":"C1"}')
    assert (message.key, message.headers) == (b"F1", [("v", b"1")])


def test_camera_that_an_event_names_is_not_named_again(
    front: Floor, broker: Broker, topic: str
) -> None:
    front.send([lately(camera_id="C1")])
    (message,) = broker.messages(topic)
    assert message.value.count(b"camera_id") == 1


def test_events_of_a_request_stay_in_order(front: Floor, broker: Broker, topic: str) -> None:
    sent = [lately(n / 60) for n in range(MAX_EVENTS)]
    front.send(sent)
    instants = [json.loads(message.value)["timestamp"] for message in broker.messages(topic)]
    assert instants == [each["timestamp"] for each in sent]


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoilt, status, code",
    [
        ({"worker_id": "W99"}, 422, "unknown_worker"),
        ({"worker_id": 5}, 422, "invalid"),
        ({"timestamp": "2199-01-01T00:00:00Z"}, 422, "future"),
        ({"timestamp": "1999-01-01T00:00:00Z"}, 422, "expired"),
        ({"camera_id": "C2"}, 403, "camera_not_allowed"),
    ],
)
def test_refused_event_is_told_why_and_kept(
    front: Floor, broker: Broker, topic: str, spoilt: Json, status: int, code: str
) -> None:
    raw = json.dumps(lately() | spoilt).encode() + b"\n"
    response = front.send(raw)
    assert (response.status_code, response.json()["code"]) == (status, code)
    store_all(broker, topic)
    row = RefusedEvent.objects.get()
    assert (row.code, row.count, bytes(row.payload)) == (code, 1, raw)


def test_refused_item_does_not_hold_up_the_others(front: Floor) -> None:
    status, answer = told(front.send([lately(1), {"a": 1}, lately(2)]))
    refused = [(each["index"], each["code"]) for each in answer["refused"]]
    assert (status, answer["queued"], refused) == (202, 2, [(1, "invalid")])


def test_worker_who_was_just_added_is_known(front: Floor) -> None:
    front.send(lately())  # what is known is read
    front.add_worker("W77")
    assert told(front.send(lately(worker="W77"))) == queued()


def test_event_too_large_for_a_message_is_refused_and_its_begin_kept(
    front: Floor, broker: Broker, topic: str
) -> None:
    status, answer = told(front.send([lately(1), lately(2, note="x" * MAX_BYTES)]))
    assert (status, answer["queued"]) == (202, 1)
    assert [(each["index"], each["code"]) for each in answer["refused"]] == [(1, "invalid")]
    store_all(broker, topic)
    row = RefusedEvent.objects.get()
    assert (row.code, row.is_cut, len(row.payload)) == ("invalid", True, 8_192)


def test_heartbeat_for_an_unknown_camera_is_refused(front: Floor) -> None:
    answer = front.send({"events": [], "camera_id": "C99"}, key=front.gateway)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_camera")


# --- keys ----------------------------------------------------------------------------------------


def test_key_that_was_just_made_opens(front: Floor) -> None:
    front.send(lately())
    assert front.send(lately(1), key=front.new_key(front.cameras["C2"])).status_code == 202


@pytest.mark.parametrize("key", ["", "fk_0123_4567", "nonsense"])
def test_strange_key_is_401(front: Floor, key: str) -> None:
    assert front.send(lately(), key=key).status_code == 401


def test_revoked_key_is_401(front: Floor) -> None:
    keys.revoke(IngestKey.objects.get(camera__code="C1"), at=clock.now())
    assert front.send(lately()).status_code == 401


def test_key_of_a_site_that_is_gone_is_401(front: Floor) -> None:
    front.send(lately())
    other = Site.objects.create(code="F2", name="Floor 2", time_zone="UTC")
    key = keys.create_key(site=other, at=clock.now()).text
    assert front.send({"events": []}, key=key).status_code == 202
    other.delete()
    look_again()
    assert front.send({"events": []}, key=key).status_code == 401


def test_use_of_a_key_is_noted(front: Floor) -> None:
    front.send(lately())
    look_again()
    assert IngestKey.objects.get(camera__code="C1").last_used_at is not None


def test_what_was_known_ten_minutes_ago_is_not_relied_on(front: Floor) -> None:
    front.send(lately())
    sink = sinks.sink()
    assert isinstance(sink, KafkaSink)
    with pytest.raises(TooOldError):
        sink._memory.now(to_ms(clock.now()) + MAX_AGE_MS + 5_000)


# --- the broker away -----------------------------------------------------------------------------


def test_broker_that_is_away_is_503_and_then_taken_up_again(front: Floor, broker: Broker) -> None:
    front.send(lately(1))
    with broker.away():
        answer = front.send([lately(2), lately(3)])
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "2"
    assert told(front.send([lately(2), lately(3)])) == queued(2)


def test_what_was_sent_while_the_broker_was_away_is_stored_once(
    front: Floor, broker: Broker, topic: str
) -> None:
    batch = [lately(minutes) for minutes in range(1, 20)]
    front.send(batch[:1])
    with broker.away():
        front.send(batch)
    while front.send(batch).status_code != 202:
        pass
    store_all(broker, topic)
    assert Event.objects.count() == len(batch)


# --- what the consumer makes of it ---------------------------------------------------------------


def test_camera_was_heard_when_its_message_was_received(
    front: Floor, broker: Broker, topic: str
) -> None:
    before = clock.now()
    front.send({"events": [], "camera_id": "C1"})
    after_it = clock.now()
    store_all(broker, topic)
    seen = Camera.objects.get(code="C1").last_seen_at
    assert seen is not None
    assert before - timedelta(milliseconds=1) <= seen <= after_it


def test_event_was_received_when_the_server_took_it(
    front: Floor, broker: Broker, topic: str
) -> None:
    before = to_ms(clock.now())
    front.send(lately())
    after_it = to_ms(clock.now())
    store_all(broker, topic)
    assert before <= to_ms(Event.objects.get().received_at) <= after_it


# --- how it is set up ----------------------------------------------------------------------------


def test_options_that_the_library_takes_pass_the_check(topic: str) -> None:
    assert check_kafka_options() == []


def test_option_that_the_library_does_not_know_is_found_by_the_check(
    topic: str, settings: Settings
) -> None:
    settings.KAFKA_OPTIONS = {"no.such.property": "1"}
    (error,) = check_kafka_options()
    assert "no.such.property" in error.msg
