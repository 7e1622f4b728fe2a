"""Random questions to a site with a random calendar, and what the answers must be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from common.instants import to_datetime, to_ms
from tests.floor import HOUR, MINUTE, Floor, Json
from tests.laws.calendar_oracle import Plan, scheduled_minutes
from tests.laws.drawn import check_hours, check_strips
from tests.laws.figures_oracle import Figures, Record, record
from tests.laws.logs import AS_OF, TTLS
from tests.laws.oracle import Oracle, Seen
from tests.laws.plans import plans
from workers import models

FIVE = 5 * MINUTE
ZONES = ("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
STATIONS = ("S1", "S2", "S3", "S4", "S5")


@dataclass(frozen=True)
class Calendar:
    """When the site works; W1 has shift A, W2 has B, the others have none named.

    One of them may be anonymous.
    """

    zone: str
    plans: list[Plan]
    closures: list[tuple[int, int]]  # minutes since 1970
    anonymous: str = ""

    def write(self, floor: Floor) -> None:
        floor.site.refresh_from_db()
        floor.site.time_zone = self.zone
        floor.site.save()
        for plan, worker in zip(self.plans, ("W1", "W2"), strict=False):
            breaks = [(_mark(begin), _mark(end)) for begin, end in plan.breaks]
            weekdays = "".join(map(str, sorted(plan.weekdays)))
            floor.add_shift(
                plan.name, _mark(plan.start), _mark(plan.end), *breaks, weekdays=weekdays
            )
            floor.workers[worker].shift_assignments.create(shift_name=plan.name)
        models.Worker.objects.filter(site=floor.site).update(is_anonymous=False)
        models.Worker.objects.filter(site=floor.site, code=self.anonymous).update(is_anonymous=True)
        for start, end in self.closures:
            floor.close(*(to_datetime(mark * MINUTE).isoformat() for mark in (start, end)))

    def minutes(self, window: tuple[int, int], *names: str) -> set[int]:
        """S of those who have the shifts of these names; of none: all shifts."""
        own = [plan for plan in self.plans if plan.name in names] or self.plans
        return scheduled_minutes(ZoneInfo(self.zone), own, self.closures, window)


def _mark(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def calendars(draw: st.DrawFn, shifts: int | None = None) -> Calendar:
    names = "AB"[: draw(st.integers(0, 2)) if shifts is None else shifts]
    closures = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 24)), max_size=2))
    first = AS_OF // MINUTE - 300
    return Calendar(
        draw(st.sampled_from(ZONES)),
        [draw(plans(name)) for name in names],
        [(first + start * 5, first + (start + length) * 5) for start, length in closures],
        draw(st.sampled_from(("", "W1", "W3"))),
    )


@dataclass(frozen=True)
class Asking:
    """A window, and the moment at which it is asked for: its end if it reaches now."""

    start: int
    end: int
    now: int

    @property
    def as_of(self) -> int:
        return min(self.end, self.now - self.now % 5_000)

    @property
    def words(self) -> list[str]:
        """Start and end as parameters."""
        return [to_datetime(instant).isoformat() for instant in (self.start, self.end)]


@st.composite
def askings(draw: st.DrawFn) -> Asking:
    soon = st.sampled_from((0, 59_999, 60_000, 120_000, 180_000, 239_000))
    now = AS_OF + draw(st.one_of(soon, st.integers(0, 25 * MINUTE)))
    mark = AS_OF - AS_OF % FIVE
    start = mark - draw(st.integers(0, 60)) * FIVE
    end = draw(st.one_of(st.just(now + HOUR), st.integers(1, 60).map(lambda n: start + n * FIVE)))
    if min(end, now - now % 5_000) <= start:
        start -= FIVE
    return Asking(start, end, now)


def figures_of(
    accepted: list[Seen], calendar: Calendar, asking: Asking, *, shift: str = ""
) -> Figures:
    """What the oracle says; of one shift alone where it is named."""
    window = (asking.start // MINUTE, asking.as_of // MINUTE + 1)
    everyone = calendar.minutes(window, *filter(None, [shift]))
    own = {"W1": "A", "W2": "B"} if len(calendar.plans) == 2 else {"W1": "A"}
    schedules = {
        code: calendar.minutes(window, own[code]) if code in own else everyone
        for code in ("W1", "W2", "W3", "W4", "W5")
        if shift in ("", own.get(code, shift))
    }
    targets = dict.fromkeys(STATIONS, 10.0)
    oracle = Oracle(accepted, TTLS)
    anonymous = frozenset([calendar.anonymous])
    return Figures(oracle, asking.start, asking.as_of, everyone, schedules, targets, anonymous)


def told(record: Json, expected: Record) -> dict[str, Any]:
    """The same fields of an answer, instants as milliseconds."""
    return {
        name: to_ms(datetime.fromisoformat(record[name]))
        if isinstance(record[name], str) and name in ("since", "newest_event_at")
        else record[name]
        for name in expected
    }


def check(record: Json, expected: Record) -> None:
    found = told(record, expected)
    wrong = {
        name: (found[name], value)
        for name, value in expected.items()
        if not _same(found[name], value)
    }
    assert not wrong, f"found, expected: {wrong}"


def _same(found: Any, expected: Any) -> bool:
    if isinstance(expected, float) and found is not None:
        return bool(found == pytest.approx(expected, rel=1e-9))
    return bool(found == expected)


def check_answers(floor: Floor, figures: Figures, asking: Asking) -> None:
    overview = floor.figures("overview", *asking.words)
    check(overview["factory"], figures.factory())
    for code in figures.schedules:
        record = next(row for row in overview["workers"] if row["worker_id"] == code)
        check(record, figures.worker(code))
    for code in STATIONS:
        record = next(row for row in overview["workstations"] if row["workstation_id"] == code)
        check(record, figures.station(code))
    timeline = floor.figures("timeline", *asking.words)["results"]
    assert [_stretch(row) for row in timeline] == figures.timeline()
    check_strips(floor, asking.words, figures, overview)
    check_hours(floor, asking.words, overview)
    for bucket in ("5m", "1h", "1d"):
        check_series(floor.figures("series", *asking.words, bucket=bucket)["results"], figures)


def check_at_station(floor: Floor, figures: Figures, asking: Asking, station: str) -> None:
    """Times, events and units of each worker there; scheduled time has no meaning then."""
    answer = floor.figures("workers", *asking.words, workstation_id=station)
    for row in answer["results"]:
        inside, outside = figures.sums(
            [row["worker_id"]],
            figures.schedules.__getitem__,
            lambda event: event.workstation == station,
        )
        check(row, {**record(inside, outside, 0), "scheduled_ms": None, "unknown_ms": None})


def check_shift(floor: Floor, figures: Figures, asking: Asking, shift: str) -> None:
    """The workers who have the shift, in its time alone."""
    answer = floor.figures("overview", *asking.words, shift=shift)
    by_name = sorted(figures.schedules, key=figures.anonymous.__contains__)
    assert [row["worker_id"] for row in answer["workers"]] == by_name
    check(answer["factory"], figures.factory())
    for row in answer["workers"]:
        check(row, figures.worker(row["worker_id"]))


def _stretch(row: Json) -> tuple[str, str, str, int, int]:
    start, end = (to_ms(datetime.fromisoformat(row[name])) for name in ("start", "end"))
    return row["worker_id"], row["workstation_id"], row["state"], start, end


def check_series(results: list[Json], whole: Figures) -> None:
    """Each record is that of its bucket, clipped to the window."""
    for row in results:
        start, end = (to_ms(datetime.fromisoformat(row[name])) for name in ("start", "end"))
        part = Figures(
            whole.oracle,
            max(start, whole.start),
            min(end, whole.end),
            whole.schedule,
            whole.schedules,
            whole.targets,
            whole.anonymous,
        )
        check(row, part.pooled())
    pooled = whole.pooled()
    for name in ("working_ms", "idle_ms", "absent_ms", "unknown_ms", "scheduled_ms", "units"):
        assert sum(row[name] for row in results) == pooled[name]
