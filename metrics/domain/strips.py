"""A worker's strip: what was seen, and the gaps by what they are: not seen, or a break."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from common.intervals import Interval, difference, intersection, union
from metrics.domain.timeline import Piece
from workers.domain.calendar import ShiftInstance

STATES = ("working", "idle", "absent", "unknown", "break")


class Stretch(NamedTuple):
    """A part of a strip; nothing is seen of a workstation in a gap."""

    start: int
    end: int
    state: str
    workstation_id: int | None


class Day(NamedTuple):
    """What the calendar says of the workers with one and the same scheduled time."""

    scheduled: list[Interval]
    breaks: list[Interval]
    missed: list[Interval]  # when somebody who is absent is missed


def day_of(
    scheduled: list[Interval],
    shifts: Iterable[ShiftInstance],
    *,
    window: Interval,
    closures: Sequence[Interval],
) -> Day:
    """A break is time in a shift of theirs that is neither scheduled nor closed.

    A shift is theirs where all its working time is scheduled for them.
    """
    closed = union(closures)
    off = union([*scheduled, *closed])
    own = union(
        (each.start, each.end)
        for each in shifts
        if not difference(intersection(list(each.work), [window]), off)
    )
    return Day(scheduled, difference(intersection(own, [window]), off), scheduled)


def strip(pieces: Iterable[Piece], day: Day, window: Interval) -> list[Stretch]:
    """A worker's stretches in a window, in order; time off is none of them.

    `pieces`: disjoint, inside the window. Who is absent in a break has it, and after work is off.
    """
    seen = [stretch for piece in pieces for stretch in _seen(piece, day)]
    gaps = difference([window], union((each.start, each.end) for each in seen))
    for state, where in (("unknown", day.scheduled), ("break", day.breaks)):
        seen += [Stretch(start, end, state, None) for start, end in intersection(gaps, where)]
    return sorted(seen, key=lambda each: each.start)


def _seen(piece: Piece, day: Day) -> list[Stretch]:
    if piece.state != "absent":
        return [Stretch(*piece)]
    missed = intersection([(piece.start, piece.end)], day.missed)
    return [Stretch(start, end, piece.state, piece.workstation_id) for start, end in missed]
