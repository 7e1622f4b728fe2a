"""Trouble on purpose: all kinds of it occur, and no true event is lost."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from edge.chaos import NOT_JSON, ChaosWriter
from edge.plan import always_on
from edge.roster import rosters_of
from edge.sighting import Sighting
from edge.wire import timestamp
from tests.edge.plans import camera, duty, plan_of

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ALWAYS_ON = always_on(1, ["secret"])
MOMENTS = [NOON + 5 * n * SECOND for n in range(600)]


def seen(at: datetime) -> Sighting:
    return Sighting(at, "CAM-1", "W1", "S1", "working", 0.93)


def batches(plan: Any = ALWAYS_ON) -> list[list[str]]:
    writer = ChaosWriter(Random(1), rosters_of(plan))
    written = [writer.write([seen(at)], now=at) for at in MOMENTS]
    return [batch for batch in [*written, writer.flush()] if batch]


def events(plan: Any = ALWAYS_ON) -> list[dict[str, Any]]:
    lines = [line for batch in batches(plan) for line in batch]
    return [json.loads(line) for line in lines if line != NOT_JSON]


def late() -> list[dict[str, Any]]:
    return [event for event in events() if event["timestamp"] < timestamp(NOON)]


def test_no_true_event_is_lost() -> None:
    assert {timestamp(at) for at in MOMENTS} <= {event["timestamp"] for event in events()}


def test_first_event_leaves_at_once() -> None:
    writer = ChaosWriter(Random(1), rosters_of(ALWAYS_ON))

    assert len(writer.write([seen(NOON)], now=NOON)) == 1


def test_no_event_is_held_longer_than_a_state_lasts() -> None:
    writer = ChaosWriter(Random(1), rosters_of(ALWAYS_ON))
    for n in range(300):
        now = NOON + n * SECOND
        for line in writer.write([seen(now)], now=now):
            if timestamp(NOON) <= json_time(line) <= timestamp(now):
                assert json_time(line) >= timestamp(now - 20 * SECOND)


def json_time(line: str) -> str:
    return "" if line == NOT_JSON else str(json.loads(line)["timestamp"])


def test_batches_are_shuffled() -> None:
    times = [[json_time(line) for line in batch] for batch in batches()]

    assert any(batch != sorted(batch) for batch in times)


def test_some_events_come_twice() -> None:
    lines = [line for batch in batches() for line in batch if line != NOT_JSON]

    assert len(set(lines)) < len(lines)


def test_some_events_come_twice_in_one_batch() -> None:
    assert any(len(set(batch)) < len(batch) for batch in batches())


def test_some_events_are_late() -> None:
    assert len(late()) > 3


def test_late_event_is_two_hours_late_at_most() -> None:
    assert min(event["timestamp"] for event in late()) >= timestamp(NOON - timedelta(hours=2))


def test_late_event_lies_within_the_hours_of_its_worker() -> None:
    plan = plan_of(camera(1, duty("W1", "12:00", "18:00")))

    known = [event for event in events(plan) if event["timestamp"] != "yesterday at noon"]
    assert min(event["timestamp"] for event in known) == timestamp(NOON)


@pytest.mark.parametrize(
    "field, value",
    [
        ("worker_id", "nobody"),
        ("timestamp", "yesterday at noon"),
        ("count", -3),
        ("confidence", 1.5),
    ],
)
def test_some_events_are_malformed(field: str, value: object) -> None:
    assert any(event.get(field) == value for event in events())


def test_some_lines_are_not_json() -> None:
    assert any(NOT_JSON in batch for batch in batches())


def test_some_events_are_of_low_confidence() -> None:
    assert any(event["confidence"] < 0.6 for event in events())


def test_flush_leaves_nothing_behind() -> None:
    writer = ChaosWriter(Random(1), rosters_of(ALWAYS_ON))
    for at in MOMENTS:
        writer.write([seen(at)], now=at)
    writer.flush()

    assert writer.flush() == []
