"""Scheduled time equals what a clock on the wall says, over every kind of clock change."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.calendar_oracle import EPOCH, MINUTE, Plan, scheduled_minutes
from tests.laws.effort import LAW
from tests.laws.plans import master_of, minutes, plans, worker_with
from workers.domain.calendar import scheduled, scheduled_for

CLOCK_CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/St_Johns", date(2006, 4, 2)),  # at one minute past midnight
    ("America/St_Johns", date(2006, 10, 29)),
    ("America/Havana", date(2026, 3, 8)),  # midnight does not exist
    ("America/Havana", date(2026, 11, 1)),  # midnight comes twice
    ("Pacific/Apia", date(2011, 12, 30)),  # a day does not exist
    ("Asia/Kathmandu", date(2026, 6, 16)),  # none, and an odd offset
]
changes = st.sampled_from(CLOCK_CHANGES)


def around(zone: ZoneInfo, day: date, before: int, after: int) -> tuple[int, int]:
    """A window in minutes: 5-minute marks before and after a day's noon."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    middle = (noon - EPOCH) // MINUTE
    return middle - before * 5, middle + after * 5


@LAW
@given(
    changes,
    st.lists(plans(), max_size=3),
    st.lists(st.tuples(st.integers(-400, 400), st.integers(1, 200)), max_size=2),
    st.integers(1, 500),
    st.integers(1, 500),
)
def test_scheduled_time_is_what_the_wall_clock_says(
    change: tuple[str, date],
    planned: list[Plan],
    closed: list[tuple[int, int]],
    before: int,
    after: int,
) -> None:
    zone = ZoneInfo(change[0])
    window = around(zone, change[1], before, after)
    middle = window[0] + before * 5
    closures = [(middle + begin * 5, middle + (begin + length) * 5) for begin, length in closed]
    milliseconds = (window[0] * 60_000, window[1] * 60_000)
    found = scheduled(master_of(zone, planned, closures), milliseconds)
    assert minutes(found) == scheduled_minutes(zone, planned, closures, window)


dated = st.tuples(
    st.sampled_from(("A", "B")),
    st.sampled_from((None, -2, -1, 0)),
    st.sampled_from((None, 1, 2)),
)


@LAW
@given(changes, plans("A"), plans("B"), st.lists(dated, min_size=1, max_size=3))
def test_worker_has_the_instances_that_start_on_the_days_of_the_assignment(
    change: tuple[str, date], early: Plan, late: Plan, given_to: list[tuple[str, int, int]]
) -> None:
    zone, day = ZoneInfo(change[0]), change[1]
    assigned = [
        (name, *(None if each is None else day + timedelta(days=each) for each in (begin, finish)))
        for name, begin, finish in given_to
    ]
    of_name = {"A": early, "B": late}
    own = [
        Plan(
            name,
            of_name[name].start,
            of_name[name].end,
            of_name[name].breaks,
            of_name[name].weekdays,
            first,
            end,
        )
        for name, first, end in assigned
    ]
    window = around(zone, day, 400, 400)
    milliseconds = (window[0] * 60_000, window[1] * 60_000)
    found = scheduled_for(master_of(zone, [early, late]), worker_with(*assigned), milliseconds)
    assert minutes(found) == scheduled_minutes(zone, own, [], window)


@pytest.mark.parametrize("zone, day", CLOCK_CHANGES, ids=str)
def test_site_without_shifts_is_scheduled_all_the_time(zone: str, day: date) -> None:
    window = around(ZoneInfo(zone), day, 300, 300)
    milliseconds = (window[0] * 60_000, window[1] * 60_000)
    assert scheduled(master_of(ZoneInfo(zone), []), milliseconds) == [milliseconds]
