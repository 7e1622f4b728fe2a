"""A site's calendar as the product knows it, made of the oracle's plans."""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from common.intervals import Interval
from tests.laws.calendar_oracle import Plan
from workers.domain.master import EVER, OPEN, Assignment, MasterData, ShiftInfo, WorkerInfo

MINUTE = 60_000
Dated = tuple[str, date | None, date | None]


def master_of(
    zone: ZoneInfo, plans: Sequence[Plan], closures: Iterable[Interval] = ()
) -> MasterData:
    return MasterData(
        site_id=1,
        code="F1",
        name="Floor",
        revision=1,
        time_zone=zone,
        acceptance_threshold=0.6,
        retention_ms=OPEN,
        names_shown=False,
        workers={},
        workstations={},
        cameras={},
        shifts=tuple(map(_shift, plans)),
        closures=tuple((start * MINUTE, end * MINUTE) for start, end in closures),
    )


def _shift(plan: Plan) -> ShiftInfo:
    return ShiftInfo(
        plan.name,
        plan.weekdays,
        plan.start,
        plan.end,
        plan.breaks,
        plan.valid_from,
        plan.valid_until,
    )


def worker_with(*assignments: Dated) -> WorkerInfo:
    """A worker with dated shifts."""
    return WorkerInfo(
        1, "W1", "Worker 1", (EVER, OPEN), tuple(Assignment(*each) for each in assignments)
    )


def minutes(intervals: Iterable[Interval]) -> set[int]:
    """The minutes that intervals of milliseconds cover; their borders lie on full minutes."""
    found: set[int] = set()
    for start, end in intervals:
        assert start % MINUTE == end % MINUTE == 0
        found.update(range(start // MINUTE, end // MINUTE))
    return found


marks = st.integers(0, 24 * 12 - 1).map(lambda number: number * 5)  # minutes of a day


@st.composite
def plans(draw: st.DrawFn, name: str = "A") -> Plan:
    """Any shift, with up to two breaks inside."""
    start, length = draw(marks), draw(st.integers(1, 24 * 12 - 1)) * 5
    breaks = []
    for _ in range(draw(st.integers(0, 2))):
        begin = draw(st.integers(0, length // 5 - 1)) * 5
        finish = draw(st.integers(begin // 5 + 1, length // 5)) * 5
        breaks.append(((start + begin) % 1440, (start + finish) % 1440))
    weekdays = draw(st.sampled_from((range(1, 8), range(1, 6), (6, 7), (7,))))
    own = {begin: (begin, finish) for begin, finish in breaks}  # a shift has one break at a time
    return Plan(name, start, (start + length) % 1440, tuple(own.values()), frozenset(weekdays))
