"""Many at once, from a day on: days before stay as they were, days after are as asked."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.floor import taken_back
from workers import arrange
from workers.models import (
    Shift,
    ShiftAssignment,
    Site,
    Worker,
    Workstation,
    WorkstationTarget,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 6, 1)
DAYS = [MONDAY + timedelta(days=number) for number in range(12)]
NAMES = ["Early", "Late", "Night"]

day = st.none() | st.sampled_from(DAYS)
span: Any = st.tuples(day, day).filter(lambda pair: None in pair or pair[0] < pair[1])
named_spans = st.lists(st.tuples(st.sampled_from(NAMES), span), max_size=5)
every_example = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def three_shifts(plant: Site) -> Site:
    for name, hour in (("Late", 14), ("Night", 22)):
        Shift.objects.create(site=plant, name=name, start=time(hour), end=time(23, 55))
    return plant


def holds(row: Any, on: date) -> bool:
    begun = row.valid_from is None or row.valid_from <= on
    return begun and (row.valid_until is None or on < row.valid_until)


def shifts_on(worker: Worker, on: date) -> set[str]:
    """By the rule as DOMAIN.md has it: none named at all is all of the site's."""
    rows = list(ShiftAssignment.objects.filter(worker=worker))
    return {row.shift_name for row in rows if holds(row, on)} if rows else set(NAMES)


def target_on(station: Workstation, on: date) -> Decimal | None:
    found = [row.per_hour for row in WorkstationTarget.objects.all() if holds(row, on)]
    assert len(found) <= 1
    return found[0] if found else None


@given(
    spans=named_spans, on=st.sampled_from(DAYS), name=st.sampled_from(NAMES), alone=st.booleans()
)
@every_example
def test_an_assignment_changes_the_days_from_its_own_on(
    spans: Any, on: date, name: str, alone: bool, three_shifts: Site
) -> None:
    with taken_back():
        worker = three_shifts.workers.get()
        worker.shift_assignments.all().delete()
        for shift, (start, end) in {(each[0], each[1][0]): each for each in spans}.values():
            worker.shift_assignments.create(shift_name=shift, valid_from=start, valid_until=end)
        before = {each: shifts_on(worker, each) for each in DAYS}
        arrange.assign([worker], shift=name, on=on, alone=alone)
        arrange.assign([worker], shift=name, on=on, alone=alone)  # safe to repeat
        for each in DAYS:
            expected = before[each] if each < on else {name} | (set() if alone else before[each])
            assert shifts_on(worker, each) == expected, each


@given(
    marks=st.lists(st.sampled_from(DAYS), unique=True, max_size=4).map(sorted),
    on=st.sampled_from(DAYS),
    per_hour=st.none() | st.integers(1, 3).map(Decimal),
)
@every_example
def test_a_target_changes_the_days_from_its_own_on(
    marks: list[date], on: date, per_hour: Decimal | None, plant: Site
) -> None:
    with taken_back():
        station = plant.workstations.get()
        for number, (start, end) in enumerate(zip([None, *marks], [*marks, None], strict=True)):
            if number != 1:  # a gap
                target = {"valid_from": start, "valid_until": end, "per_hour": number}
                station.targets.create(**target)
        before = {each: target_on(station, each) for each in DAYS}
        arrange.aim([station], per_hour=per_hour, on=on)
        after = {each: target_on(station, each) for each in DAYS}
        assert after == {each: before[each] if each < on else per_hour for each in DAYS}


def test_retired_from_a_day_and_brought_back(plant: Site) -> None:
    worker = plant.workers.get()
    arrange.retire([worker], on=MONDAY)
    assert Worker.objects.get().active_until == MONDAY
    arrange.bring_back([worker])
    assert Worker.objects.get().active_until is None


def test_nobody_is_retired_where_one_can_not_be(plant: Site) -> None:
    first = plant.workers.get()
    second = Worker.objects.create(site=plant, code="W2", name="Ada", active_from=MONDAY)
    with pytest.raises(ValidationError, match="W2: The end must lie after the start"):
        arrange.retire([first, second], on=MONDAY)
    assert not Worker.objects.exclude(active_until=None).exists()


def test_an_unknown_shift_names_the_worker(plant: Site) -> None:
    with pytest.raises(ValidationError, match="W1: The site has no shift 'Noon'"):
        arrange.assign(plant.workers.all(), shift="Noon", on=MONDAY, alone=True)
    assert shifts_on(plant.workers.get(), MONDAY) == {"Early"}
