"""The timeline: a worker's state events → spans. Pure; instants are milliseconds since 1970 UTC.

A state holds from its event until the worker's next state event anywhere, and no longer than its
ttl. Spans are canonical: neighbours of equal state and workstation that touch are one, cut at full
UTC hours. So equal facts give equal rows, whatever the order in which they came, and what overlaps
a window starts at most an hour before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from common.instants import HOUR_MS, floor_to
from events.domain.observation import Observation
from workers.domain.master import MasterData


class Rules(NamedTuple):
    """The settings of a site's timeline.

    How long a camera's word holds, and the codes that decide ties.
    """

    ttl_ms: Mapping[int, int]
    camera_codes: Mapping[int, str]
    workstation_codes: Mapping[int, str]


def rules_of(master: MasterData) -> Rules:
    """The timeline's settings out of a site's master data."""
    return Rules(
        ttl_ms={camera.id: camera.state_ttl_ms for camera in master.cameras.values()},
        camera_codes={camera.id: camera.code for camera in master.cameras.values()},
        workstation_codes={station.id: station.code for station in master.workstations.values()},
    )


class Point(NamedTuple):
    """A state event in force: from `at`, no longer than `until`."""

    at: int
    state: str
    workstation_id: int
    until: int


class Piece(NamedTuple):
    """A stretch of the timeline: half-open, in one state at one workstation."""

    start: int
    end: int
    state: str
    workstation_id: int


class Ruling(NamedTuple):
    """One point per instant, in order; and the events that are overruled."""

    points: list[Point]
    overruled: list[Observation]


def in_force(state_events: Iterable[Observation], rules: Rules) -> Ruling:
    """Which of a worker's state events are in force; they may come in any order."""
    points: list[Point] = []
    overruled: list[Observation] = []
    ttl_ms, held, held_at = rules.ttl_ms, None, -1
    for event in sorted(state_events, key=attrgetter("occurred_at")):
        winner, at = event, event.occurred_at
        if held is not None and at == held_at:
            winner, loser = sorted((held, event), key=partial(_rank, rules=rules))
            overruled.append(loser)
            points.pop()
        held, held_at = winner, at
        until = at + ttl_ms[winner.camera_id]
        points.append(Point(at, winner.event_type, winner.workstation_id, until))
    return Ruling(points, overruled)


def _rank(event: Observation, rules: Rules) -> tuple[bool, float, str, str, str, bool]:
    """At one instant what a reviewer has said wins, then the higher confidence, none given last.

    Then the smaller type, workstation and camera. A verdict can make two alike in all that: of them
    the one that counts.
    """
    confidence = -1.0 if event.confidence is None else event.confidence
    return (
        not event.reviewed,
        -confidence,
        event.event_type,
        rules.workstation_codes[event.workstation_id],
        rules.camera_codes[event.camera_id],
        event.restated,
    )


def pieces_between(points: Sequence[Point]) -> list[Piece]:
    """What lies between the first and the last point, run-length.

    The last one stays open and gives nothing.
    """
    pieces: list[Piece] = []
    start = end = workstation_id = -1
    state = ""
    for point, following in pairwise(points):
        if point.at != end or point.state != state or point.workstation_id != workstation_id:
            if start >= 0:
                pieces.append(Piece(start, end, state, workstation_id))
            start, state, workstation_id, _ = point
        end = point.until if point.until < following.at else following.at
    if start >= 0:
        pieces.append(Piece(start, end, state, workstation_id))
    return pieces


def canonical(pieces: Iterable[Piece]) -> list[Piece]:
    """Disjoint pieces, in order and in the one form in which they are stored.

    Joined, then cut at full hours.
    """
    return [part for piece in joined(pieces) for part in _cut_at_hours(piece)]


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Disjoint pieces in order, touching ones of equal state and workstation made one."""
    runs: list[Piece] = []
    for piece in sorted(pieces):
        if runs and runs[-1].end == piece.start and runs[-1][2:] == piece[2:]:
            runs[-1] = Piece(runs[-1].start, piece.end, piece.state, piece.workstation_id)
        else:
            runs.append(piece)
    return runs


def _cut_at_hours(piece: Piece) -> list[Piece]:
    start, end, state, workstation_id = piece
    if start // HOUR_MS == (end - 1) // HOUR_MS:
        return [piece]
    marks = [start, *range(floor_to(start, HOUR_MS) + HOUR_MS, end, HOUR_MS), end]
    return [Piece(a, b, state, workstation_id) for a, b in pairwise(marks)]


def spliced(
    stored: Iterable[Piece], points: Sequence[Point], *, low: int, high: int
) -> list[Piece]:
    """The stored pieces with all between two instants replaced by what the points say.

    `stored`: all pieces of the worker that overlap or touch [low, high]. `points`: what is in force
    in [low, high], in order, and maybe one before, which reaches into it.
    """
    pieces = pieces_between(points)
    if pieces and pieces[0].start < low:
        pieces = clip(pieces, low, high)
    for start, end, state, workstation_id in stored:
        if start < low:
            pieces.append(Piece(start, end if end < low else low, state, workstation_id))
        if end > high:
            pieces.append(Piece(start if start > high else high, end, state, workstation_id))
    return canonical(pieces)


def touching(pieces: Sequence[Piece], low: int, high: int) -> slice:
    """Where those lie that overlap or touch [low, high], in one worker's pieces in order."""
    return slice(bisect_left(pieces, low, key=_END), bisect_right(pieces, high, key=_START))


def begun(pieces: Sequence[Piece], low: int, high: int) -> slice:
    """Where all those lie that overlap [low, high), in any workers' pieces in order.

    Those of the hour before as well: no stored piece is longer.
    """
    return slice(
        bisect_left(pieces, low - HOUR_MS, key=_START), bisect_left(pieces, high, key=_START)
    )


_START, _END = attrgetter("start"), attrgetter("end")


def clip(pieces: Iterable[Piece], low: int, high: int) -> list[Piece]:
    """The parts of the pieces inside [low, high)."""
    if low >= high:
        return []
    return [
        piece
        if piece.start >= low and piece.end <= high
        else Piece(max(piece.start, low), min(piece.end, high), piece.state, piece.workstation_id)
        for piece in pieces
        if piece.start < high and piece.end > low
    ]
