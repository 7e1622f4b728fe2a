"""Golden case 18: the same log gives equal rows by the direct way and through Kafka.

On whichever database the tests run. Both ways are told the same by the same senders, much of it to
be refused.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from common.instants import to_datetime
from drift.models import ConfidenceBin, ConfidenceBucket
from events.domain.batch import Batch
from events.domain.judgement import Sender
from events.domain.wire import decode
from events.models import Event, RefusedEvent, SequenceGap, SequenceHour, SequenceRun
from events.sinks.kafka import KafkaSink
from events.store import store
from tests.broker import Broker
from tests.floor import HOUR, Floor, taken_back
from tests.laws.effort import EXAMPLES, LAW
from tests.laws.logs import AS_OF, events, wire
from tests.laws.stored import Rows, stored_rows
from tests.stream.reading import store_these
from workers import known
from workers.known import Known, Memory
from workers.models import Camera

SPOILT = {
    "an unknown worker": {"worker_id": "W99"},
    "an unknown camera": {"camera_id": "C99"},
    "a worker that is no text": {"worker_id": 5},
    "no type": {"event_type": "dancing"},
    "a time ahead": {"timestamp": to_datetime(AS_OF + HOUR).isoformat()},
    "a time long ago": {"timestamp": "1999-01-01T00:00:00Z"},
    "no time": {"timestamp": "noon"},
    "another count": {"count": 3},
    "a NUL": {"model_version": "a\0b"},
    "fields of our names": {"site": "F9", "received_at": "x"},
}
STRANGE: list[object] = [5, None, "text", [], {}, {"event": 1}, {"a": {"b": [1]}}]


@dataclass(frozen=True)
class Request:
    """A body, who sends it, and which camera it says that it is of."""

    body: bytes
    key_camera: str | None
    default: str | None
    is_ndjson: bool = False

    def batch(self, floor: Floor, number: int) -> Batch:
        message = decode(self.body, is_ndjson=self.is_ndjson)
        at = AS_OF + number
        sender = Sender(self.key_camera, self.default or message.camera_code)
        return Batch(floor.site.pk, sender, message, [at] * len(message.items), now=at)


@dataclass(frozen=True)
class Log:
    """Requests in order, and after how many messages a consumer stores what it has."""

    requests: list[Request]
    chunk: int


def items() -> st.SearchStrategy[object]:
    told = st.builds(
        lambda event, spoilt: wire(event) | spoilt,
        events(),
        st.one_of(st.just({}), st.just({}), st.sampled_from(list(SPOILT.values()))),
    )
    nameless = told.map(lambda item: {k: v for k, v in item.items() if k != "camera_id"})
    return st.one_of(told, told, nameless, st.sampled_from(STRANGE))


@st.composite
def requests(draw: st.DrawFn, number: int) -> Request:
    told = _numbered(draw(st.lists(items(), max_size=6)), number)
    key_camera = draw(st.sampled_from((None, None, None, "C1", "C99")))
    default = draw(st.sampled_from((None, "C1", "C2")))
    form = draw(st.sampled_from(("array", "lines", "single", "envelope")))
    spaced: dict[str, Any] = draw(st.sampled_from(({}, {"indent": 1})))
    if form == "lines":
        lines = [json.dumps(each).encode() for each in told]
        all_lines = b"\n".join([*lines, b"{ not JSON"])
        return Request(all_lines, key_camera, default, is_ndjson=True)
    body: object = told
    if form == "single":
        body = next((each for each in told if isinstance(each, dict)), {"a": 1})
    if form == "envelope":
        body = {"events": told} | ({"camera_id": default} if default else {})
    return Request(json.dumps(body, **spaced).encode() + b" ", key_camera, default)


def _numbered(told: list[Any], number: int) -> list[Any]:
    """Events bear numbers that rise, as senders give them."""
    return [
        each | {"seq": number * 10 + n, "seq_run": "r"} if isinstance(each, dict) else each
        for n, each in enumerate(told)
    ]


@st.composite
def logs(draw: st.DrawFn) -> Log:
    count = draw(st.integers(1, 6))
    return Log([draw(requests(number)) for number in range(count)], draw(st.integers(1, 12)))


class Present(Memory):
    """Looks at the rows of the test, which no other thread can see."""

    def now(self, at: int) -> Known:
        return known.read(None, at=to_datetime(at))

    def renewed(self, *, patience_s: float = 0) -> bool:
        return True


class Away(Present):
    """The database is away: what is unknown is the consumer's to judge."""

    def renewed(self, *, patience_s: float = 0) -> bool:
        return False


@pytest.fixture(params=[Present, Away])
def sink(request: pytest.FixtureRequest, broker: Broker, settings: Settings) -> Iterator[KafkaSink]:
    settings.KAFKA_BOOTSTRAP_SERVERS = broker.address
    sink = KafkaSink(request.param())
    yield sink
    sink.close()


Kept = tuple[Rows, list[list[tuple[Any, ...]]]]


def kept() -> Kept:
    """All rows but their ids."""
    camera = "camera__code"
    tables = [
        Event.objects.values_list(
            "worker__code", "workstation__code", camera, "event_type", "occurred_at", "received_at",
            "confidence", "count", "restated", "model_version", "snapshot_id",
        ),
        RefusedEvent.objects.values_list(
            "camera_code", "code", "detail", "payload", "payload_hash", "is_cut", "count",
            "first_received_at", "last_received_at",
        ),
        SequenceRun.objects.values_list(camera, "run", "highest", "highest_at"),
        SequenceGap.objects.values_list(camera, "run", "first", "last", "after_at", "before_at"),
        SequenceHour.objects.values_list(camera, "start", "came"),
        Camera.objects.values_list("code", "last_seen_at"),
        ConfidenceBucket.objects.values_list(
            f"segment__{camera}", "segment__model_version", "segment__event_type", "start_at",
            "n", "s1", "s2",
        ),
        ConfidenceBin.objects.values_list(
            f"segment__{camera}", "segment__model_version", "segment__event_type", "start_at",
            *(f.name for f in ConfidenceBin._meta.fields if f.name.startswith("bins")),
        ),
    ]  # fmt: skip
    return stored_rows(), [sorted(map(_plain, table), key=repr) for table in tables]


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)


def by_the_direct_way(floor: Floor, log: Log) -> Kept:
    with taken_back():
        for number, request in enumerate(log.requests):
            store([request.batch(floor, number)])
        return kept()


def through_kafka(
    floor: Floor, log: Log, sink: KafkaSink, broker: Broker, choose: Callable[[str], None]
) -> Kept:
    topic = broker.new_topic()
    choose(topic)
    with taken_back():
        for number, request in enumerate(log.requests):
            sink.store(request.batch(floor, number))
        messages = broker.messages(topic)
        for start in range(0, len(messages), log.chunk):
            assert store_these(messages[start : start + log.chunk]) == []
        return kept()


# An example costs a topic, so fewer must do; what fails is drawn again, not made smaller.
@settings(LAW, max_examples=EXAMPLES // 3, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(logs())
def test_golden_18_rows_are_those_of_the_direct_way(
    law_floor: Floor, sink: KafkaSink, broker: Broker, settings: Settings, log: Log
) -> None:
    def choose(topic: str) -> None:
        settings.KAFKA_TOPIC = topic

    expected = by_the_direct_way(law_floor, log)
    assert through_kafka(law_floor, log, sink, broker, choose) == expected
