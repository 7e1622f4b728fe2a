"""Random days of events, and the many ways in which the same events may arrive."""

import json
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from common.instants import to_ms, to_rfc3339
from events.domain.batch import Batch
from events.domain.judgement import Sender
from events.domain.wire import decode
from events.store import store
from tests.floor import HOUR, MINUTE, NOW, Floor
from tests.laws.oracle import Seen

AS_OF = to_ms(NOW)
TTLS = {"C1": 180_000, "C2": 45 * MINUTE, "C3": 8 * HOUR}
CONFIDENCES = (None, 0.0, 0.3, 0.59995, 0.6, 0.8, 0.9, 0.90001, 1.0)
KINDS = ("working", "working", "idle", "absent", "product_count")

Group = list[list[Seen]]  # the batches that wait together and share a commit


def instants(back: int, ahead: int) -> st.SearchStrategy[int]:
    """Milliseconds around now: any, on marks, and a few that many events share."""
    low, high = AS_OF - back, AS_OF + ahead
    marks = range(low - low % (5 * MINUTE) + 5 * MINUTE, high, 5 * MINUTE)
    few = [mark + by for mark in marks[:: max(1, len(marks) // 5)] for by in (-1, 0, 1)]
    soon = [AS_OF + by for by in (0, 61_000, 61_001, 119_999, 120_000, 181_000) if by <= ahead]
    return st.one_of(
        st.sampled_from(few), st.sampled_from(marks), st.sampled_from(soon), st.integers(low, high)
    )


def events(back: int = 4 * HOUR, ahead: int = 10 * MINUTE) -> st.SearchStrategy[Seen]:
    return st.builds(
        _seen,
        instants(back, ahead),
        st.sampled_from(("W1", "W2", "W3")),
        st.sampled_from(("S1", "S2")),
        st.sampled_from(KINDS),
        st.sampled_from(tuple(TTLS)),
        st.sampled_from(CONFIDENCES),
        st.sampled_from((0, 1, 7, 100_000)),
        st.integers(0, 9),
    )


def _seen(  # noqa: PLR0917 - one word for each field of an event
    instant: int,
    worker: str,
    station: str,
    kind: str,
    camera: str,
    confidence: float | None,
    units: int,
    dice: int,
) -> Seen:
    units = units if kind == "product_count" else 0
    return Seen(instant, worker, station, kind, camera, confidence, units, restated=dice == 0)


def key(event: Seen) -> tuple[Any, ...]:
    """What makes a duplicate."""
    return (event.camera, event.worker, event.workstation, event.kind, event.at)


def days(size: int = 30, **span: int) -> st.SearchStrategy[list[Seen]]:
    """Logs in which no fact has two contents: short ones, and ones of some length."""
    seen = events(**span)
    short = st.lists(seen, max_size=8, unique_by=key)
    return st.one_of(short, st.lists(seen, min_size=size // 2, max_size=size, unique_by=key))


@dataclass(frozen=True)
class Delivery:
    """A log and one way in which it arrives."""

    events: list[Seen]
    groups: list[Group]


@st.composite
def deliveries(draw: st.DrawFn, log: st.SearchStrategy[list[Seen]] | None = None) -> Delivery:
    """Any order, some events again, cut into batches, some of which share a commit."""
    events = draw(days() if log is None else log)
    again = draw(st.lists(st.sampled_from(events), max_size=8)) if events else []
    order = draw(st.permutations([*events, *again]))
    ends = draw(st.lists(st.integers(0, 5), min_size=len(order), max_size=len(order)))
    groups: list[Group] = [[[]]]
    for event, end in zip(order, ends, strict=True):
        groups[-1][-1].append(event)
        if end == 0:
            groups.append([[]])
        elif end == 1:
            groups[-1].append([])
    return Delivery(events, groups)


def deliver(floor: Floor, delivery: Delivery) -> list[Seen]:
    """Stores each group; what was accepted, with the time at which it was first received."""
    received: dict[tuple[Any, ...], Seen] = {}
    for number, group in enumerate(delivery.groups):
        deliver_group(floor, received, group, now=AS_OF + number)
    return list(received.values())


def deliver_group(
    floor: Floor, received: dict[tuple[Any, ...], Seen], group: Group, *, now: int
) -> None:
    """Stores a group; what is new joins what was received."""
    for batch in group:
        for event in batch:
            received.setdefault(key(event), replace(event, received=now))
    if any(group):
        store([_batch(floor, batch, now) for batch in group if batch])


def _batch(floor: Floor, events: list[Seen], now: int) -> Batch:
    message = decode(json.dumps([wire(event) for event in events]).encode())
    return Batch(floor.site.pk, Sender(None), message, [now] * len(events), now=now)


def wire(event: Seen) -> dict[str, Any]:
    """The event as a camera sends it."""
    return {
        "timestamp": to_rfc3339(event.at),
        "worker_id": event.worker,
        "workstation_id": event.workstation,
        "event_type": event.kind,
        "camera_id": event.camera,
        "confidence": event.confidence,
        "count": event.count,
        "restated": event.restated,
    }
