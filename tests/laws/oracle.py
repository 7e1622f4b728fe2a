"""What follows from a list of events, slowly and obviously: written from DOMAIN.md alone.

Looking at every border.

It shares no code with the product. People, places and cameras are named by their codes; instants
are milliseconds.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SECOND = 1_000
MINUTE = 60 * SECOND
FIVE_MINUTES = 5 * MINUTE
HOUR = 60 * MINUTE
LATE_AFTER = 2 * MINUTE
GRAINS = {5: FIVE_MINUTES, 60: HOUR}
STATES = ("working", "idle", "absent")

Interval = tuple[int, int]
Row = tuple[object, ...]


@dataclass(frozen=True)
class Seen:
    """An accepted event."""

    at: int
    worker: str
    workstation: str
    kind: str
    camera: str = "C1"
    confidence: float | None = None
    count: int = 0
    restated: bool = False
    received: int = 0
    reviewed: bool = False


@dataclass(frozen=True)
class Piece:
    """A stretch of time without a border inside, and the event that is in force in it."""

    start: int
    end: int
    event: Seen

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass
class Sums:
    """The columns of a bucket."""

    working_ms: int = 0
    idle_ms: int = 0
    absent_ms: int = 0
    working_events: int = 0
    idle_events: int = 0
    absent_events: int = 0
    count_events: int = 0
    units: int = 0
    confidence_events: int = 0
    confidence_sum: int = 0
    low_confidence_events: int = 0
    late_events: int = 0
    lag_ms_sum: int = 0
    overruled_events: int = 0
    newest_event_at: int = 0

    def add(self, **amounts: int) -> None:
        for name, amount in amounts.items():
            setattr(self, name, getattr(self, name) + amount)


@dataclass
class Oracle:
    """Answers for a log of events, the cameras' ttl and the site's acceptance threshold."""

    events: Sequence[Seen]
    ttl: Mapping[str, int]
    threshold: float = 0.6
    horizon: int = 0
    _in_force: dict[str, list[Seen]] = field(init=False)

    def __post_init__(self) -> None:
        self._in_force = {worker: self._winners(worker) for worker in self.workers}

    # --- who was where -----------------------------------------------------------------------

    @property
    def workers(self) -> list[str]:
        return sorted({event.worker for event in self.events})

    def state_events(self, worker: str) -> list[Seen]:
        return [e for e in self.events if e.worker == worker and e.kind in STATES]

    def _winners(self, worker: str) -> list[Seen]:
        """Of each instant's state events the one in force, in order of time (rule 5)."""
        mine = self.state_events(worker)
        instants = sorted({event.at for event in mine})
        return [min((e for e in mine if e.at == at), key=strength) for at in instants]

    def is_overruled(self, event: Seen) -> bool:
        winners = self._in_force[event.worker]  # of two alike, one loses
        return event.kind in STATES and not any(event is winner for winner in winners)

    def in_force(self, worker: str, instant: int) -> Seen | None:
        """The event that says what the worker does at an instant; None is unknown (rule 3)."""
        before = [e for e in self._in_force.get(worker, []) if e.at <= instant]
        newest = before[-1] if before else None
        return newest if newest and instant < newest.at + self.ttl[newest.camera] else None

    def newest(self, worker: str) -> Seen | None:
        winners = self._in_force.get(worker, [])
        return winners[-1] if winners else None

    def pieces(
        self, worker: str, start: int, end: int, marks: Iterable[int] = ()
    ) -> Iterator[Piece]:
        """What the worker did in [start, end), cut at every border and every given mark."""
        borders = {start, end, *marks}
        for event in self._in_force.get(worker, []):
            borders |= {event.at, event.at + self.ttl[event.camera]}
        inside = sorted(border for border in borders if start <= border <= end)
        for a, b in itertools.pairwise(inside):
            event_now = self.in_force(worker, a)
            if event_now:
                yield Piece(a, b, event_now)

    def closed(self, worker: str, marks: Callable[[int, int], Iterable[int]]) -> Iterator[Piece]:
        """The worker's pieces up to their newest state event; what follows that is still open.

        But what lies before the site's horizon.
        """
        winners = self._in_force[worker]
        if winners:
            start, end = winners[0].at, max(winners[-1].at, self.horizon)
            yield from self.pieces(worker, start, end, marks(start, end))

    # --- the rows that the database keeps -----------------------------------------------------

    def spans(self) -> list[Row]:
        """(worker, workstation, state, start, end): joined where they touch.

        Then cut at full hours.
        """
        rows: list[Row] = []
        for worker in self.workers:
            joined: list[list] = []
            for piece in self.closed(worker, lambda _start, _end: ()):
                name = [worker, piece.event.workstation, piece.event.kind]
                if joined and joined[-1][:3] == name and joined[-1][4] == piece.start:
                    joined[-1][4] = piece.end
                else:
                    joined.append([*name, piece.start, piece.end])
            for *name, start, end in joined:
                cuts = [start, *full_marks(start, end, HOUR), end]
                rows += [(*name, a, b) for a, b in itertools.pairwise(cuts) if a < b]
        return sorted(rows, key=repr)

    def statuses(self) -> list[Row]:
        """(worker, workstation, state, since, holds until) of each worker's newest state event."""
        newest = [event for worker in self.workers if (event := self.newest(worker))]
        return sorted(
            (e.worker, e.workstation, e.kind, e.at, e.at + self.ttl[e.camera]) for e in newest
        )

    @property
    def counted(self) -> list[Seen]:
        """A restated event holds the timeline and counts for nothing (rule 6)."""
        return [event for event in self.events if not event.restated]

    def buckets(self) -> dict[tuple[int, int, str, str], Sums]:
        """By grain in minutes, start, worker and workstation."""
        found: dict[tuple[int, int, str, str], Sums] = defaultdict(Sums)
        for grain, step in GRAINS.items():
            for event in self.counted:
                mine = found[grain, floor(event.at, step), event.worker, event.workstation]
                self.count(event, mine)
            for worker in self.workers:
                for piece in self.closed(worker, five_minute_marks):
                    place = (worker, piece.event.workstation)
                    mine = found[grain, floor(piece.start, step), *place]
                    mine.add(**{f"{piece.event.kind}_ms": piece.length})
        return dict(found)

    def count(self, event: Seen, sums: Sums) -> None:
        """Adds what an event counts for."""
        sums.newest_event_at = max(sums.newest_event_at, event.at)
        sums.add(lag_ms_sum=event.received - event.at)
        sums.add(late_events=int(event.received - event.at > LATE_AFTER))
        if event.kind == "product_count":
            sums.add(count_events=1, units=event.count)
        else:
            sums.add(**{f"{event.kind}_events": 1})
            sums.add(overruled_events=int(self.is_overruled(event)))
        if event.confidence is not None:
            sums.add(confidence_events=1, confidence_sum=round(event.confidence * 10_000))
            sums.add(low_confidence_events=int(event.confidence < self.threshold))

    def workstation_buckets(self) -> dict[tuple[int, int, str], Interval]:
        """By grain, start and workstation: clock time with anybody present.

        And with anybody working.
        """
        found: dict[tuple[int, int, str], Interval] = {}
        pieces = [p for worker in self.workers for p in self.closed(worker, five_minute_marks)]
        for workstation in {piece.event.workstation for piece in pieces}:
            here = [p for p in pieces if p.event.workstation == workstation]
            for start, end, kinds in who_is_here(here):
                for grain, step in GRAINS.items():
                    key = (grain, floor(start, step), workstation)
                    present, working = found.get(key, (0, 0))
                    present += (end - start) * bool(kinds & {"working", "idle"})
                    working += (end - start) * ("working" in kinds)
                    found[key] = (present, working)
        return {key: times for key, times in found.items() if any(times)}


def who_is_here(pieces: Sequence[Piece]) -> Iterator[tuple[int, int, set[str]]]:
    """What is done at a workstation between each two neighbouring borders."""
    borders = sorted({border for piece in pieces for border in (piece.start, piece.end)})
    for start, end in itertools.pairwise(borders):
        kinds = {piece.event.kind for piece in pieces if piece.start <= start < piece.end}
        if kinds:
            yield start, end, kinds


def strength(event: Seen) -> tuple:
    """Sorts the state events of one instant: what is in force comes first (rules 5 and 9)."""
    confidence = -1.0 if event.confidence is None else event.confidence
    place = (event.kind, event.workstation, event.camera)
    return (not event.reviewed, -confidence, *place, event.restated)


def floor(instant: int, step: int) -> int:
    return instant // step * step


def full_marks(start: int, end: int, step: int) -> list[int]:
    """The multiples of a step strictly between two instants."""
    return list(range(floor(start, step) + step, end, step))


def five_minute_marks(start: int, end: int) -> list[int]:
    return full_marks(start, end, FIVE_MINUTES)
