"""Sums of earlier days are kept in memory; no change of theirs may be missed."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.dialect import Row, Totals
from common.instants import DAY_MS, floor_to, to_ms
from metrics.queries import kept
from metrics.rebuild import rebuild_site
from tests.floor import DAY, Floor, Json, after, count, event, taken_back

WEEK = {"start": after(DAY, days=-6), "end": after(DAY, days=1)}
ASKED = ("overview", "series")


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    """Nothing is kept at first."""
    kept.forget()
    yield
    kept.forget()


def on(day: int, hour: float, worker: str = "W1", **more: object) -> Json:
    return event(after(DAY, days=-day, hours=hour), worker, **more)


def figures(floor: Floor) -> list[object]:
    return [floor.ask(what, **WEEK).json() for what in ASKED]


def anew(floor: Floor) -> list[object]:
    """By a process that has kept nothing."""
    kept.forget()
    cache.clear()  # of whole answers
    return figures(floor)


@pytest.fixture
def week(floor: Floor) -> Floor:
    """Two workers at one workstation on seven days, of which a reader has asked."""
    floor.put(*(on(day, 8, worker) for day in range(7) for worker in ("W1", "W2")))
    floor.put(*(on(day, 12, worker, kind="idle") for day in range(7) for worker in ("W1", "W2")))
    figures(floor)
    return floor


def test_late_event_changes_a_day_that_is_kept(week: Floor) -> None:
    before = figures(week)
    week.put(on(4, 10, kind="idle"))
    after_it = figures(week)
    assert after_it != before
    assert after_it == anew(week)


def test_time_that_both_worked_shows_at_the_workstation(week: Floor) -> None:
    week.put(on(3, 10, kind="absent"), on(3, 11))  # W2 stays: only the labour time is less
    assert figures(week) == anew(week)


def test_units_of_an_earlier_day_are_added(week: Floor) -> None:
    week.put(count(after(DAY, days=-5, hours=9), 7))
    assert figures(week)[0]["factory"]["units"] == 7


def test_rebuild_leaves_nothing_kept(week: Floor) -> None:
    week.cameras["C1"].state_ttl_s = 600
    week.cameras["C1"].save()
    rebuild_site(week.site.pk)
    assert figures(week) == anew(week)


def test_other_shifts_count_other_times(week: Floor) -> None:
    week.add_shift("Early", "06:00", "10:00", ("08:30", "09:00"))
    told = figures(week)
    assert told == anew(week)
    assert told[0]["workstations"][0]["scheduled_ms"] == 7 * 3.5 * 3_600_000


def test_day_is_not_read_again_while_it_stays_the_same(
    week: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, as_ever = [], kept._read

    def noted(model: type[Model], asked: Totals, covers: list[tuple[Row, ...]]) -> list[list[Row]]:
        read.extend(covers)
        return as_ever(model, asked, covers)

    monkeypatch.setattr(kept, "_read", noted)
    week.put(count(after(DAY, hours=9), 7))  # of the last day
    figures(week)
    assert {floor_to(low, DAY_MS) for cover in read for _, low, *_ in cover} == {to_ms(DAY)}


def test_memory_is_bounded(week: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_ROWS", 3)
    assert figures(week) == anew(week)


MOMENTS = st.tuples(
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(["W1", "W2"]),
    st.sampled_from(["S1", "S2"]),
    st.sampled_from(["working", "idle", "absent", "product_count"]),
)


@given(st.lists(st.lists(MOMENTS, min_size=1, max_size=4, unique=True), min_size=1, max_size=6))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_comes_between_two_answers(floor: Floor, batches: list[list[tuple]]) -> None:
    with taken_back():
        for batch in batches:
            floor.post(
                *(
                    on(day, hour, worker, station=station, kind=kind)
                    for day, hour, worker, station, kind in batch
                )
            )
            assert figures(floor) == anew(floor)
