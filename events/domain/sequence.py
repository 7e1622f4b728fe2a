"""Which numbers of a camera's events have not come, so that loss is known.

Senders number a camera's events one by one, and name the run of their counting: a new run begins at
1. What comes late fills its gap; what comes twice changes nothing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from common.instants import HOUR_MS


class Seen(NamedTuple):
    """The number of an event that came, and when the event happened."""

    number: int
    at: int


class Gap(NamedTuple):
    """Numbers that have not come, and when the events next to them happened."""

    first: int
    last: int
    after_at: int
    before_at: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@dataclass
class Run:
    """How far a run has come, and its gaps, in order."""

    highest: int
    highest_at: int
    gaps: list[Gap] = field(default_factory=list)

    def note(self, seen: Iterable[Seen]) -> list[Seen]:
        """Those that had not come before."""
        return [each for each in sorted(seen) if self._is_new(each)]

    def _is_new(self, seen: Seen) -> bool:
        if seen.number <= self.highest:
            return self._fills(seen)
        if seen.number > self.highest + 1:
            self.gaps.append(Gap(self.highest + 1, seen.number - 1, self.highest_at, seen.at))
        self.highest, self.highest_at = seen
        return True

    def _fills(self, seen: Seen) -> bool:
        place = bisect_right(self.gaps, (seen.number, END)) - 1
        if place < 0 or self.gaps[place].last < seen.number:
            return False
        gap = self.gaps[place]
        left = [Gap(gap.first, seen.number - 1, gap.after_at, seen.at)]
        right = [Gap(seen.number + 1, gap.last, seen.at, gap.before_at)]
        self.gaps[place : place + 1] = [each for each in left + right if each.size]
        return True


END = 2**63


def begun_by(first: Seen, *, is_named: bool) -> Run:
    """A run of which nothing had come. Without a name nobody knows where the counting began."""
    return Run(0 if is_named else first.number - 1, first.at)


def missing_by_hour(gap: Gap, *, start: int, end: int) -> Iterator[tuple[int, int]]:
    """How many have not come, by hours from `start` to `end`, both first milliseconds of hours.

    They are taken to have happened evenly between the events beside the gap.
    """
    begin, finish = sorted((gap.after_at, gap.before_at))
    first = max(begin - begin % HOUR_MS, start)
    for hour in range(first, min(finish + 1, end), HOUR_MS):
        missing = _until(hour + HOUR_MS, gap, begin, finish) - _until(hour, gap, begin, finish)
        if missing:
            yield hour, missing


def _until(moment: int, gap: Gap, begin: int, finish: int) -> int:
    """How many of them have happened by then."""
    if moment <= begin:
        return 0
    if moment > finish:
        return gap.size
    return gap.size * (moment - begin) // (finish - begin)
