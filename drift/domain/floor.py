"""The plain rule: a camera whose mean confidence of 24 hours lies below its floor is alerted."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from common.instants import DAY_MS, HOUR_MS
from drift.domain.inputs import FALSE_ALARM, FOREVER, NEW_NORMAL, Inputs
from drift.domain.points import Rows

MIN_EVENTS = 50  # in the 24 hours
ACCEPTED = (FALSE_ALARM, NEW_NORMAL)


@dataclass(frozen=True, slots=True)
class Low:
    """A while below the floor, from `begins` to `ends` (None: still)."""

    onset_at: int
    begins: int
    ends: int | None


class Day(NamedTuple):
    """The 24 hours that end at an instant: since when something was seen in them, n, Σ c."""

    ends: int
    since: int
    n: int
    total: int


Hour = tuple[int, int, int]  # start, n, Σ c


def lows_of(rows: Rows, inputs: Inputs) -> list[Low]:
    """Every while below the floor, by hourly rows; too few events leave it as it was.

    After a decision only what came since then counts. A level that was accepted, or called a false
    alarm, does not alert before it has been above the floor again.
    """
    hours = totals_of(rows)
    starts = [(hours[0][0] if hours else 0, False)]
    starts += [(each.at, each.resolution in ACCEPTED) for each in inputs.decisions]
    ends = [*(start for start, _ in starts[1:]), FOREVER]
    return [
        low
        for (start, is_accepted), end in zip(starts, ends, strict=True)
        for low in _lows(days_of(hours, start, end), inputs, is_accepted, end)
    ]


def totals_of(rows: Rows) -> list[Hour]:
    """All events of each hour, whatever their type."""
    totals: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for own in rows.values():
        for start, n, s1, _ in own:
            total = totals[start]
            total[0] += n
            total[1] += s1
    return [(start, n, s1) for start, (n, s1) in sorted(totals.items())]


def days_of(hours: Sequence[Hour], start: int, end: int) -> Iterator[Day]:
    """After each hour that lies in [start, end), the 24 hours up to it."""
    window: deque[Hour] = deque()
    n = total = 0
    for hour in hours:
        ends = hour[0] + HOUR_MS
        if hour[0] < start or ends > end:
            continue
        window.append(hour)
        n, total = n + hour[1], total + hour[2]
        while window[0][0] < ends - DAY_MS:
            _, less, less_total = window.popleft()
            n, total = n - less, total - less_total
        yield Day(ends, window[0][0], n, total)


def _lows(days: Iterable[Day], inputs: Inputs, is_accepted: bool, end: int) -> Iterator[Low]:
    low: Low | None = None
    for day in days:
        if day.n < MIN_EVENTS:
            continue
        if day.total >= inputs.rules_at(day.ends).floor * day.n:
            is_accepted = False
            if low:
                yield replace(low, ends=day.ends)
                low = None
        elif low is None and not is_accepted:
            low = Low(day.since, day.ends, None)
    if low:
        yield low if end == FOREVER else replace(low, ends=end)
