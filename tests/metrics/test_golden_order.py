"""Golden cases of DOMAIN.md §5 about order and change: 7, 15, 16 and 18.

The laws try them at random.
"""

from itertools import permutations

import pytest

from events.models import Event
from tests.floor import HOUR, MINUTE, Floor, Json, event, taken_back
from tests.laws.stored import Rows, stored_rows
from tests.metrics.conftest import DAY

MORNING = [
    event("08:00"),
    event("09:00", "W2"),
    event("09:10", station="S2"),
    event("09:10", kind="idle", confidence=0.4),
]


def rows_of(floor: Floor, *batches: list[Json]) -> Rows:
    """All rows that follow when the batches arrive in that order; nothing stays."""
    with taken_back():
        for batch in batches:
            floor.put(*batch)
        return stored_rows()


@pytest.mark.parametrize("first", range(len(MORNING)))
def test_golden_07_every_permutation_gives_the_same_rows(floor: Floor, first: int) -> None:
    """One event a request; the tests divide the permutations among them by their first event."""
    whole = rows_of(floor, MORNING)
    for order in permutations(MORNING):
        if order[0] is MORNING[first]:
            assert rows_of(floor, *([each] for each in order)) == whole


@pytest.mark.parametrize("cuts", range(1, 2 ** (len(MORNING) - 1)))
def test_golden_07_every_split_into_batches_gives_the_same_rows(floor: Floor, cuts: int) -> None:
    """Bit n of `cuts` ends a batch after event n."""
    batches: list[list[Json]] = [[]]
    for number, each in enumerate(MORNING):
        batches[-1].append(each)
        if cuts >> number & 1:
            batches.append([])
    assert rows_of(floor, *filter(None, batches)) == rows_of(floor, MORNING)


def test_golden_15_late_event_changes_exactly_its_minutes(day: Floor) -> None:
    before = day.figures("series", "00:00", "23:55", bucket="5m", worker_id="W1")["results"]
    day.put(event("13:30", kind="idle"), event("13:40"))
    after = day.figures("series", "00:00", "23:55", bucket="5m", worker_id="W1")["results"]
    changed = [now["start"][11:16] for was, now in zip(before, after, strict=True) if was != now]
    assert changed == ["13:30", "13:35", "13:40"]  # at 13:40 an event is counted


def test_golden_15_late_event_moves_its_minutes_from_one_state_to_the_other(day: Floor) -> None:
    day.put(event("13:30", kind="idle"), event("13:40"))
    record = day.worker("W1", "08:00", "15:00")
    assert (record["working_ms"], record["idle_ms"]) == (320 * MINUTE, 40 * MINUTE)


def test_golden_15_event_of_the_day_before_yesterday_counts_as_late(day: Floor) -> None:
    still = day.worker("W1", "08:00", "15:00")["late_events"]
    day.put(event("13:30", kind="idle"))
    assert day.worker("W1", "08:00", "15:00")["late_events"] == still + 1


@pytest.fixture
def pause() -> Event:
    """The event that begins the day's pause."""
    return Event.objects.get(event_type="idle")


def test_golden_16_verdict_moves_exactly_its_interval(day: Floor, pause: Event) -> None:
    day.say(pause, "relabelled", event_type="working")
    record = day.worker("W1", "08:00", "15:00")
    assert (record["working_ms"], record["idle_ms"]) == (6 * HOUR, 0)


def test_golden_16_verdict_changes_no_other_interval(day: Floor, pause: Event) -> None:
    before = day.timeline("08:00", "16:00")
    day.say(pause, "relabelled", event_type="absent")
    pieces = [(*each[:1], "absent", *each[2:]) if "idle" in each else each for each in before]
    assert day.timeline("08:00", "16:00") == pieces


def test_golden_16_undo_restores_every_row(day: Floor, pause: Event) -> None:
    before = stored_rows()
    day.say(pause, "relabelled", event_type="working")
    day.unsay(pause)
    assert stored_rows() == before


def test_golden_16_rejected_event_gives_its_time_to_the_one_before(
    day: Floor, pause: Event
) -> None:
    day.say(pause, "rejected")
    record = day.worker("W1", "08:00", "15:00")
    assert (record["working_ms"], record["idle_ms"]) == (6 * HOUR, 0)


def test_golden_16_undone_rejection_restores_every_row(day: Floor, pause: Event) -> None:
    before = stored_rows()
    day.say(pause, "rejected")
    day.unsay(pause)
    assert stored_rows() == before


GOLDEN_DAY = {
    "working_ms": 19_800_000,
    "idle_ms": 1_800_000,
    "absent_ms": HOUR,
    "unknown_ms": 0,
    "scheduled_ms": 7 * HOUR,
    "units": 16,
    "utilization_pct": pytest.approx(78.571, abs=0.001),
    "utilization_event_pct": 60.0,
    "coverage_pct": 100.0,
    "units_per_hour": pytest.approx(16 / 6),
    "working_events": 3,
    "idle_events": 1,
    "absent_events": 1,
    "count_events": 2,
}


@pytest.mark.parametrize("name", GOLDEN_DAY)
def test_golden_18_the_day_has_these_figures_on_every_database(day: Floor, name: str) -> None:
    assert day.worker("W1", "08:00", "15:00")[name] == GOLDEN_DAY[name]


def test_golden_18_the_day_reversed_one_by_one_has_the_same_rows(floor: Floor) -> None:
    assert rows_of(floor, *([each] for each in reversed(DAY))) == rows_of(floor, DAY)
