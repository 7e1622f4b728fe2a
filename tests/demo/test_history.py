"""The demo's history: the same whenever it is made, possible, and believable."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.instants import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, to_ms
from demo.domain.factory import PLAN, STATE_TTL_S
from demo.domain.history import Sighting, history
from demo.domain.pace import UNITS
from demo.domain.plan import shift_days

OPENED = date(2026, 6, 2)
START = to_ms(datetime(2026, 6, 2, 4, tzinfo=UTC))  # 06:00 in Berlin
WINDOW = (START, START + 13 * DAY_MS)
COUNT, ABSENT = "product_count", "absent"


def made(start: int, end: int, *, seed: int = 1) -> list[Sighting]:
    return list(history(PLAN, (start, end), opened_on=OPENED, seed=seed))


@pytest.fixture(scope="module")
def seen() -> list[Sighting]:
    return made(*WINDOW)


@pytest.fixture(scope="module")
def by_worker(seen: list[Sighting]) -> dict[str, list[Sighting]]:
    found = defaultdict(list)
    for sighting in seen:
        found[sighting.worker].append(sighting)
    return found


def states(sightings: Iterable[Sighting]) -> list[Sighting]:
    return [sighting for sighting in sightings if sighting.event_type != COUNT]


def working_share(sightings: Iterable[Sighting]) -> float:
    """Of the time in which the worker was seen."""
    times: Counter[str] = Counter()
    for before, after in pairwise(states(sightings)):
        length = min(after.occurred_at - before.occurred_at, STATE_TTL_S * SECOND_MS)
        times[before.event_type] += length
    return times["working"] / times.total()


def units_per_hour(sightings: Iterable[Sighting], station: str, hours: float) -> float:
    counted = [each for each in sightings if each.station == station and each.event_type == COUNT]
    return UNITS * len(counted) / hours


# --- the same whenever it is made ----------------------------------------------------------------


def test_the_same_seed_makes_the_same_history() -> None:
    assert made(START, START + DAY_MS) == made(START, START + DAY_MS)


def test_another_seed_makes_another_history() -> None:
    assert made(START, START + HOUR_MS, seed=2) != made(START, START + HOUR_MS)


@settings(max_examples=10)
@given(start=st.integers(*WINDOW), length=st.integers(0, 15 * HOUR_MS))
def test_a_part_of_the_window_is_that_part_of_the_history(
    seen: list[Sighting], start: int, length: int
) -> None:
    end = min(start + length, WINDOW[1])
    assert made(start, end) == [each for each in seen if start <= each.occurred_at < end]


def test_nothing_is_seen_before_the_factory_opens() -> None:
    assert made(START - 3 * DAY_MS, START) == []


# --- possible ------------------------------------------------------------------------------------


def test_sightings_come_in_order_of_time(seen: list[Sighting]) -> None:
    assert seen == sorted(seen)


def test_no_two_sightings_are_the_same_event(seen: list[Sighting]) -> None:
    keys = {(each.occurred_at, each.worker, each.station, each.event_type) for each in seen}
    assert len(keys) == len(seen)


def test_a_worker_has_one_state_at_an_instant(by_worker: dict[str, list[Sighting]]) -> None:
    for sightings in by_worker.values():
        instants = [each.occurred_at for each in states(sightings)]
        assert len(set(instants)) == len(instants)


def test_absent_is_said_only_where_the_worker_was_last_seen(
    by_worker: dict[str, list[Sighting]],
) -> None:
    for sightings in by_worker.values():
        assert states(sightings)[0].event_type != ABSENT
        for before, after in pairwise(states(sightings)):
            assert after.event_type != ABSENT or after.station == before.station


def test_units_are_finished_only_while_working(by_worker: dict[str, list[Sighting]]) -> None:
    for sightings in by_worker.values():
        state = None
        for each in sightings:
            if each.event_type != COUNT:
                state = each
            elif state and not _is_dark_between(state, each):
                assert (state.event_type, state.station) == ("working", each.station)


def _is_dark_between(before: Sighting, after: Sighting) -> bool:
    return after.occurred_at - before.occurred_at > STATE_TTL_S * SECOND_MS


def test_nobody_simulates_the_seventh(seen: list[Sighting]) -> None:
    assert {each.worker for each in seen} == {f"W{n}" for n in range(1, 7)}
    assert {each.camera for each in seen} == {f"CAM-{n}" for n in range(1, 7)}


def test_each_workstation_is_seen_by_its_own_camera(seen: list[Sighting]) -> None:
    assert {(each.station, each.camera) for each in seen} == {
        (f"S{n}", f"CAM-{n}") for n in range(1, 7)
    }


def test_nothing_is_received_before_it_happens(seen: list[Sighting]) -> None:
    assert all(each.received_at > each.occurred_at for each in seen)


# --- believable ----------------------------------------------------------------------------------


def test_at_any_hour_of_the_week_at_least_four_are_seen(seen: list[Sighting]) -> None:
    there = defaultdict(set)
    for each in seen:
        there[(each.occurred_at - START) // HOUR_MS].add(each.worker)
    assert [hour for hour in range(7 * 24) if len(there[hour]) < 4] == []


def test_states_are_reported_often_enough_to_hold(by_worker: dict[str, list[Sighting]]) -> None:
    """Only where a camera failed or a worker was off does a state run out."""
    for worker, sightings in by_worker.items():
        if worker in ("W2", "W3", "W5"):  # on all the time, before cameras that never fail
            gaps = [b.occurred_at - a.occurred_at for a, b in pairwise(states(sightings))]
            between_shifts = len(list(shift_days(PLAN, WINDOW)))
            assert sum(gap > STATE_TTL_S * SECOND_MS for gap in gaps) <= between_shifts


def test_in_the_middle_of_a_break_everyone_is_absent(seen: list[Sighting]) -> None:
    for shift_day in shift_days(PLAN, (START, START + 2 * DAY_MS)):
        for start, end in shift_day.breaks:
            middle = (start + 2 * MINUTE_MS, end - 2 * MINUTE_MS)
            there = [each for each in seen if middle[0] <= each.occurred_at < middle[1]]
            assert {each.event_type for each in there} == {ABSENT}


def test_the_start_of_a_shift_is_slow(seen: list[Sighting]) -> None:
    first, third = (
        [each for each in seen if (each.occurred_at - START) % (DAY_MS // 2) // HOUR_MS == hour]
        for hour in (0, 3)
    )
    assert units_per_hour(first, "S2", 1) < 0.8 * units_per_hour(third, "S2", 1)


def test_there_is_a_dip_around_lunch(seen: list[Sighting]) -> None:
    def in_minutes(low: int, high: int) -> list[Sighting]:
        minutes = range(low, high)  # since 06:00
        return [each for each in seen if (each.occurred_at - START) // MINUTE_MS % 1440 in minutes]

    lunch = in_minutes(345, 360) + in_minutes(390, 405)
    assert units_per_hour(lunch, "S2", 0.5) < 0.9 * units_per_hour(in_minutes(270, 300), "S2", 0.5)


def test_one_worker_is_slow_and_works_as_much(by_worker: dict[str, list[Sighting]]) -> None:
    shares = {worker: working_share(sightings) for worker, sightings in by_worker.items()}
    assert shares["W5"] == pytest.approx(shares["W2"], abs=0.05)
    units = units_per_hour(by_worker["W5"], "S5", 13 * 22)
    assert units < PLAN.station("S5").target_per_hour * 0.9  # type: ignore[operator]


def test_the_starved_workstation_is_furthest_under_target(seen: list[Sighting]) -> None:
    targets = {each.code: each.target_per_hour for each in PLAN.stations if each.target_per_hour}
    attained = {
        code: units_per_hour(seen, code, 13 * 22) / target for code, target in targets.items()
    }
    assert min(attained, key=attained.__getitem__) == "S3"
    assert sorted(attained.values())[1] > attained["S3"] + 0.1
    assert all(0.9 < attained[code] < 1.15 for code in ("S1", "S2", "S4", "S6"))


def test_a_camera_fails_every_few_days_for_the_better_part_of_an_hour(
    seen: list[Sighting],
) -> None:
    dark = []
    sightings = [each for each in seen if each.camera == PLAN.failing_camera]
    for before, after in pairwise(sightings):
        if after.occurred_at - before.occurred_at > 10 * MINUTE_MS:
            dark.append((after.occurred_at - before.occurred_at) / MINUTE_MS)
    assert 3 <= len(dark) <= 4
    assert all(35 < minutes < 65 for minutes in dark)


Confidences = dict[tuple[str, int], list[float]]


@pytest.fixture(scope="module")
def of_day(seen: list[Sighting]) -> Confidences:
    """By camera and day since the opening."""
    found = defaultdict(list)
    for each in seen:
        found[each.camera, (each.occurred_at - START) // DAY_MS].append(each.confidence)
    return found


def test_the_confidence_of_one_camera_sinks(of_day: Confidences) -> None:
    assert mean(of_day["CAM-6", 3]) == pytest.approx(mean(of_day["CAM-6", 1]), abs=0.01)
    assert mean(of_day["CAM-6", 12]) < mean(of_day["CAM-6", 1]) - 0.08
    assert mean(of_day["CAM-5", 12]) == pytest.approx(mean(of_day["CAM-5", 1]), abs=0.01)


def test_another_camera_is_dusty_until_it_is_cleaned(of_day: Confidences) -> None:
    clean, dusty, cleaned = (mean(of_day["CAM-2", day]) for day in (6, 9, 11))
    assert dusty < clean - 0.05
    assert cleaned == pytest.approx(clean, abs=0.01)


def test_few_events_are_late(seen: list[Sighting]) -> None:
    late = [each for each in seen if each.received_at - each.occurred_at > 2 * MINUTE_MS]
    assert 0 < len(late) < 0.005 * len(seen)
    assert max(each.received_at - each.occurred_at for each in late) < 12 * MINUTE_MS


def test_both_clock_changes_are_lived_through() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        noon = to_ms(datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=11))
        found = list(history(PLAN, (noon - DAY_MS, noon), opened_on=day - timedelta(5), seed=1))
        assert found == sorted(found)
        hours = Counter((each.occurred_at - noon + DAY_MS) // HOUR_MS for each in found)
        assert len(hours) == 24
