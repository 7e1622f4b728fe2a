"""What figures cost: the same number of statements for any number of workers, days and events."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from metrics.queries import kept
from tests.floor import DAY, NOW, Floor, after, event

UP_TO_NOW = {"start": after(NOW, hours=-2), "end": after(NOW, hours=1)}
# With the token, the site and the role there; master data is in memory.
COST = {
    "overview": 12,
    "factory": 9,
    "workers": 9,
    "workstations": 12,
    "series": 7,
    "timeline": 5,
    "strips": 9,
    "hours": 7,
}
# Per table of sums: the marks of the days, and the days that no question before has read.
ON_MANY_DAYS = {
    "overview": 4,
    "factory": 1,
    "workers": 1,
    "workstations": 2,
    "series": 2,
    "timeline": 0,
    "strips": 0,
    "hours": 0,
}
OF_A_DAY = ("strips",)  # no longer window is drawn


def statements(floor: Floor, what: str, **more: Any) -> int:
    """Of one question, to a process that has answered another one about the site before."""
    floor.ask(what, "00:00", "00:05")
    with CaptureQueriesContext(connection) as queries:
        assert floor.ask(what, **more).status_code in (200, 304)
    return len(queries)


def fill(floor: Floor, *, workers: int, days: Iterable[int]) -> None:
    for number in range(6, workers + 1):
        floor.add_worker(f"W{number}")
    for day in days:
        moment = after(NOW, days=-day, minutes=-30)
        floor.put(*(event(moment, f"W{number}") for number in range(1, workers + 1)))


@pytest.mark.parametrize("workers, days", [(1, 1), (50, 5)])
def test_figures_cost_a_fixed_number_of_statements(floor: Floor, workers: int, days: int) -> None:
    fill(floor, workers=workers, days=range(days))
    window = {"start": after(DAY, days=-30), "end": UP_TO_NOW["end"]}
    found = {
        what: statements(floor, what, **(UP_TO_NOW if what in OF_A_DAY else window))
        for what in COST
    }
    assert found == {what: cost + ON_MANY_DAYS[what] for what, cost in COST.items()}


@pytest.mark.parametrize("workers, days", [(1, 35), (200, 35)])
def test_comparisons_cost_a_fixed_number_of_statements(
    floor: Floor, workers: int, days: int
) -> None:
    fill(floor, workers=workers, days=range(0, days, 5))
    found = []
    for compare in ("", "before", "before,pooled"):
        kept.forget()
        asked = {"period": "30d", "worker_id": "W1", "compare": compare}
        found.append(statements(floor, "overview", **asked))
    assert found == [16, 22, 27]


@pytest.mark.parametrize("what", COST)
def test_304_costs_three_statements(floor: Floor, what: str) -> None:
    headers = {"If-None-Match": floor.ask(what, **UP_TO_NOW).headers["ETag"]}
    assert statements(floor, what, headers=headers, **UP_TO_NOW) == 3


@pytest.mark.parametrize("what", COST)
def test_answer_of_the_last_seconds_costs_no_more_than_a_304(floor: Floor, what: str) -> None:
    floor.ask(what, **UP_TO_NOW)
    assert statements(floor, what, **UP_TO_NOW) == 3


@pytest.mark.parametrize("workers", [1, 4])
def test_camera_clocks_ahead_cost_one_statement_more(
    floor: Floor, still_clock: TimeMachineFixture, workers: int
) -> None:
    for number in range(1, workers + 1):
        moments = (after(NOW, minutes=minutes) for minutes in (-5, 0, 2, 4))
        floor.put(*(event(moment, f"W{number}") for moment in moments))
    floor.put(event(after(NOW, minutes=-1), "W5"))
    still_clock.shift(70)
    found = {what: statements(floor, what, **UP_TO_NOW) for what in COST}
    assert found == {what: cost + (what != "timeline") for what, cost in COST.items()}
