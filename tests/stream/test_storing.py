"""What the consumer does with each kind of message, also with those that it can do nothing with."""

from typing import Any

import msgspec
import pytest
from django.db import DataError, OperationalError
from pytest_django import Settings

from common.instants import to_ms
from events import projections, telemetry
from events.domain.change import Change
from events.domain.judgement import Sender
from events.domain.wire import decode
from events.models import Event, RefusedEvent, StreamPosition
from events.stream import positions
from events.stream.messages import Delivered, Outgoing
from events.stream.reading import Dead, Said, read
from events.stream.storing import MOST_FAULTS, Letter, Moment, store_messages
from events.stream.wrapping import Wrapper
from tests.floor import NOW, Floor, Json, at, event

AT = to_ms(NOW)
TOPIC = "events.tested"
V1 = [("v", b"1")]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_topic(settings: Settings) -> None:
    settings.KAFKA_TOPIC = TOPIC


class Log:
    """Messages of a partition, each with the next offset."""

    def __init__(self, *, partition: int = 0, offset: int = 0, at: int = AT) -> None:
        self.partition, self.offset, self.at = partition, offset, at

    def of(self, *messages: Outgoing, at: int | None = None) -> list[Delivered]:
        delivered = []
        for key, value, headers in messages:
            when = self.at if at is None else at
            delivered.append(Delivered(self.partition, self.offset, when, key, value, headers))
            self.offset += 1
        return delivered


def wrapped(*events: Json, site: str = "F1", at: int = AT) -> list[Outgoing]:
    """As the API sends them for the key of C1."""
    message = decode(msgspec.json.encode(list(events)))
    wrapper = Wrapper(site, Sender("C1"), at)
    pairs = zip(message.raw(), message.items, strict=True)
    return [
        wrapper.refused(raw) if isinstance(item, str) else wrapper.event(raw, item)
        for raw, item in pairs
    ]


def raw(value: bytes, key: bytes = b"F1", headers: Any = V1) -> Outgoing:
    return Outgoing(key, value, headers)


def stored(messages: list[Delivered], now: int = AT) -> list[Letter]:
    return store_messages(messages, Moment({}, now))


def position(partition: int = 0) -> StreamPosition:
    return StreamPosition.objects.get(topic=TOPIC, partition=partition)


def counts(partition: int = 0) -> tuple[int, int, int, int]:
    row = position(partition)
    return row.stored, row.duplicate, row.refused, row.dead


# --- facts ---------------------------------------------------------------------------------------


def test_events_are_stored_and_counted(floor: Floor) -> None:
    stored(Log().of(*wrapped(event("08:00"), event("08:01"))))
    assert (Event.objects.count(), counts()) == (2, (2, 0, 0, 0))


def test_position_is_where_the_next_message_will_be(floor: Floor) -> None:
    stored(Log(offset=40).of(*wrapped(event("08:00"), event("08:01"))))
    assert position().next_offset == 42


def test_event_of_somebody_elses_making_was_received_when_kafka_says(floor: Floor) -> None:
    value = msgspec.json.encode(event("08:00", camera_id="C2"))
    stored(Log().of(raw(value), at=AT - 5_000))
    assert to_ms(Event.objects.get().received_at) == AT - 5_000


def test_same_event_twice_is_a_duplicate(floor: Floor) -> None:
    stored(Log().of(*wrapped(event("08:00")), *wrapped(event("08:00"))))
    assert (Event.objects.count(), counts()) == (1, (1, 1, 0, 0))


def test_time_is_checked_against_the_messages_own_receipt(floor: Floor) -> None:
    ahead = event(at("18:09", day=1))
    stored(Log().of(*wrapped(ahead, at=AT - 2 * 60_000)))
    assert RefusedEvent.objects.get().code == "future"


def test_sites_of_a_batch_are_kept_apart(floor: Floor) -> None:
    other = Floor("F2")
    stored(Log().of(*wrapped(event("08:00")), *wrapped(event("08:00"), site="F2")))
    assert (floor.events(), other.events()) == (1, 1)


def test_partitions_of_a_batch_have_positions_of_their_own(floor: Floor) -> None:
    one, other = Log(), Log(partition=3, offset=7)
    stored([*one.of(*wrapped(event("08:00"))), *other.of(*wrapped(event("08:01")))])
    assert (position(0).next_offset, position(3).next_offset) == (1, 8)


# --- once more -----------------------------------------------------------------------------------


def test_refusal_that_comes_again_is_not_counted_again(floor: Floor) -> None:
    messages = Log().of(*wrapped(event("08:00", "W99"), {"a": 1}))
    stored(messages)
    stored(messages)
    assert counts() == (0, 0, 2, 0)
    assert sorted(RefusedEvent.objects.values_list("count", flat=True)) == [1, 1]


def test_dead_letter_that_comes_again_is_sent_again_and_not_counted(floor: Floor) -> None:
    messages = Log().of(raw(b"{", key=b"nowhere"), raw(b"{"))
    assert stored(messages) == stored(messages)
    assert counts() == (0, 0, 0, 2)


def test_refusal_sent_again_is_counted_again(floor: Floor) -> None:
    log = Log()
    stored(log.of(*wrapped({"a": 1})))
    stored(log.of(*wrapped({"a": 1})))
    assert (counts(), RefusedEvent.objects.get().count) == ((0, 0, 2, 0), 2)


def test_part_that_is_new_counts_beside_what_came_before(floor: Floor) -> None:
    log = Log()
    first = log.of(*wrapped(event("08:00"), {"a": 1}))
    stored(first)
    stored([*first, *log.of(*wrapped(event("08:01"), {"b": 1}))])
    assert counts() == (2, 0, 2, 0)


def test_topic_that_was_made_anew_is_not_taken_for_the_old_one(floor: Floor) -> None:
    stored(Log(offset=500).of(*wrapped({"a": 1})))
    stored(Log(at=AT + 1_000).of(*wrapped({"b": 1}, at=AT + 1_000)), now=AT + 1_000)
    assert (counts(), position().next_offset) == ((0, 0, 2, 0), 1)


def test_clock_that_is_ahead_hides_nothing_of_a_topic_made_anew(floor: Floor) -> None:
    stored(Log(offset=500).of(*wrapped({"a": 1}), at=AT + 86_400_000))
    stored(Log(at=AT + 1_000).of(*wrapped({"b": 1})), now=AT + 1_000)
    assert counts() == (0, 0, 2, 0)


# --- what was refused ----------------------------------------------------------------------------


SPACED = b"""{"timestamp": "2026-06-16T08:00:00Z", "worker_id": "W99" ,
 "workstation_id":"S1","event_type":"idle" }"""
SENT = {
    "plain": SPACED,
    "with a camera": b" " + SPACED.replace(b"{", b'{"camera_id":"C1", ') + b"\n ",
    "with fields of our names": SPACED.replace(
        b"}", b',"site":"F1","received_at":"x","camera_id":null}'
    ),
}


@pytest.mark.parametrize("sent", SENT.values(), ids=SENT)
def test_what_the_consumer_alone_refuses_is_kept_as_it_was_sent(floor: Floor, sent: bytes) -> None:
    (item,) = decode(sent).items
    assert not isinstance(item, str)
    stored(Log().of(Wrapper("F1", Sender("C1"), AT).event(sent, item)))
    row = RefusedEvent.objects.get()
    assert (row.code, row.camera_code, bytes(row.payload)) == ("unknown_worker", "C1", sent)


def test_event_that_somebody_else_made_is_kept_with_all_it_has(floor: Floor) -> None:
    value = msgspec.json.encode(event("08:00", "W99", camera_id="C1", site="F1"))
    stored(Log().of(raw(value)))
    assert bytes(RefusedEvent.objects.get().payload) == value


def test_json_that_is_no_event_is_refused(floor: Floor) -> None:
    assert stored(Log().of(raw(b"[1, 2]"))) == []
    assert (RefusedEvent.objects.get().code, counts()) == ("invalid", (0, 0, 1, 0))


def test_wrong_time_of_receipt_is_refused(floor: Floor) -> None:
    value = msgspec.json.encode(event("08:00", camera_id="C1", received_at="yesterday"))
    stored(Log().of(raw(value)))
    assert "received_at" in RefusedEvent.objects.get().detail


# --- dead letters --------------------------------------------------------------------------------

DEAD = {
    "no JSON": raw(b'{"timestamp": '),
    "nothing": raw(b""),
    "of no version": raw(b"{}", headers=[]),
    "of another version": raw(b"{}", headers=[("v", b"2")]),
    "of an unknown kind": raw(b"{}", headers=[*V1, ("kind", b"rumour")]),
    "too large": raw(b"[" + b" " * 1_000_000 + b"]"),
    "of another site": raw(b'{"site": "F2"}'),
}


@pytest.mark.parametrize("message", DEAD.values(), ids=DEAD)
def test_message_that_cannot_be_read_is_a_dead_letter_and_listed(
    floor: Floor, message: Outgoing
) -> None:
    value = message.value
    if b"site" in value:
        message = raw(msgspec.json.encode(event("08:00", camera_id="C1", site="F2")))
    (letter,) = stored(Log().of(message))
    row = RefusedEvent.objects.get()
    assert (row.code, row.detail, counts()) == ("invalid", letter.reason, (0, 0, 0, 1))


@pytest.mark.parametrize("key", [b"", b"F9", b"\xff"])
def test_message_of_no_known_site_is_a_dead_letter_and_counted(floor: Floor, key: bytes) -> None:
    value = msgspec.json.encode(event("08:00", camera_id="C1"))
    assert len(stored(Log().of(raw(value, key=key)))) == 1
    assert (counts(), RefusedEvent.objects.count()) == ((0, 0, 0, 1), 0)


def test_dead_letter_does_not_hold_up_the_others(floor: Floor) -> None:
    log = Log()
    stored([*log.of(raw(b"{")), *log.of(*wrapped(event("08:00")))])
    assert counts() == (1, 0, 0, 1)


def poison(change: Change) -> None:
    """A projection that fails for one worker."""
    worker = next((w for w in change.master.workers.values() if w.code == "W2"), None)
    if worker and any(each.worker_id == worker.id for each in change.facts_added):
        raise DataError("no such thing can be stored")


def away(_: Change) -> None:
    raise OperationalError("the server is gone")


def broken(_: Change) -> None:
    raise ValueError("a fault of ours")


@pytest.fixture
def projected(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Takes a function that stands for all projections."""

    def by(projection: Any) -> None:
        timed = (projection, telemetry.PROJECTION.labels("instead of all"))
        monkeypatch.setattr(projections, "_projections", lambda: (timed,))

    return by


def test_message_that_fails_goes_aside_and_the_others_are_stored(
    floor: Floor, projected: Any
) -> None:
    projected(poison)
    events = [event(f"08:{n:02}", f"W{n % 3 + 1}") for n in range(9)]
    letters = stored(Log().of(*wrapped(*events)))
    assert [letter.message.offset for letter in letters] == [1, 4, 7]
    assert (Event.objects.count(), counts()) == (6, (6, 0, 0, 3))


def test_message_that_fails_is_listed_with_the_reason(floor: Floor, projected: Any) -> None:
    projected(poison)
    (letter,) = stored(Log().of(*wrapped(event("08:00", "W2"))))
    assert letter.reason == RefusedEvent.objects.get().detail
    assert "no such thing can be stored" in letter.reason


def test_database_that_is_away_makes_no_dead_letter(floor: Floor, projected: Any) -> None:
    projected(away)
    with pytest.raises(OperationalError):
        stored(Log().of(*wrapped(event("08:00"), event("08:01"))))
    assert not StreamPosition.objects.exists()


def test_fault_that_strikes_every_message_is_not_the_messages(floor: Floor, projected: Any) -> None:
    projected(broken)
    events = [event(f"08:{n:02}") for n in range(3 * MOST_FAULTS // 2)]
    with pytest.raises(ValueError, match="a fault of ours"):
        stored(Log().of(*wrapped(*events)))


# --- what is told of it --------------------------------------------------------------------------


def test_lag_is_what_lies_between_position_and_end(floor: Floor) -> None:
    store_messages(Log().of(*wrapped(event("08:00"))), Moment({0: 11}, AT))
    assert position().lag == 10


def test_end_is_known_without_a_consumer(db: None) -> None:
    positions.note_ends(TOPIC, {0: 5, 1: 7}, now=AT)
    positions.note_ends(TOPIC, {0: 4}, now=AT)
    assert [row.lag for row in StreamPosition.objects.order_by("partition")] == [5, 7]


@pytest.mark.parametrize("minutes, before", [(0, 0), (1, 2), (2, 0)])
def test_rate_is_that_of_the_last_full_minute(floor: Floor, minutes: int, before: int) -> None:
    log = Log()
    stored(log.of(*wrapped(event("08:00"), event("08:01"))))
    stored(log.of(*wrapped(event("08:02"))), now=AT + minutes * 60_000)
    assert position().minute_before_stored == before


def test_heartbeat_reads_as_one(db: None) -> None:
    key, value, headers = Wrapper("F1", Sender("C1"), AT).heartbeat()
    what = read(Delivered(0, 0, 0, key, value, headers))
    assert isinstance(what, Said)
    assert (what.item, what.sender.default_code, what.received_at) == (None, "C1", AT)


def test_reason_names_what_is_wrong(db: None) -> None:
    what = read(Delivered(0, 0, 0, b"F1", b"{}", [("v", b"7")]))
    assert what == Dead("The header v says '7', not '1'", "F1")
