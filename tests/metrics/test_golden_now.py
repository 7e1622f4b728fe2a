"""Golden cases of DOMAIN.md §5 about now: 14 and 22."""

import pytest
from time_machine import TimeMachineFixture

from tests.floor import HOUR, MINUTE, NOW, Floor, Json, after, count, event

TODAY = {"start": after(NOW, hours=-18), "end": after(NOW, hours=6)}


def ahead(minutes: float, **more: object) -> Json:
    return event(after(NOW, minutes=minutes), **more)


def test_golden_14_nine_minutes_in_the_future_is_accepted(floor: Floor) -> None:
    assert floor.code_of(ahead(9)) is None


def test_golden_14_eleven_minutes_in_the_future_is_refused(floor: Floor) -> None:
    assert floor.code_of(ahead(11)) == "future"


def test_golden_14_ten_minutes_in_the_future_to_the_millisecond_is_accepted(floor: Floor) -> None:
    assert floor.code_of(ahead(10)) is None


def test_golden_14_a_millisecond_more_is_refused(floor: Floor) -> None:
    assert floor.code_of(ahead(10 + 1 / MINUTE)) == "future"


def test_golden_14_what_lies_ahead_is_not_counted(floor: Floor) -> None:
    floor.put(ahead(9), count(after(NOW, minutes=2), 3))
    record = floor.worker("W1", **TODAY)
    assert (record["working_ms"], record["working_events"], record["units"]) == (0, 0, 0)


def test_golden_14_state_that_lies_between_two_ahead_is_not_counted(floor: Floor) -> None:
    floor.put(ahead(1), ahead(4, kind="idle"), ahead(6, kind="absent"))
    record = floor.worker("W1", **TODAY)
    assert (record["working_ms"], record["idle_ms"], record["absent_ms"]) == (0, 0, 0)


@pytest.fixture
def hurried(floor: Floor) -> Floor:
    """A camera whose clock is 9 min ahead: work since an hour ago ends 4 min from now."""
    floor.put(
        ahead(-60), ahead(4, kind="idle"), ahead(9, kind="absent"), count(after(NOW, minutes=6), 7)
    )
    return floor


def test_golden_22_state_now_is_that_as_of_now(hurried: Floor) -> None:
    record = hurried.worker("W1", **TODAY)
    assert (record["state"], record["working_ms"], record["idle_ms"]) == ("working", HOUR, 0)


def test_golden_22_since_is_that_as_of_now(hurried: Floor) -> None:
    assert hurried.worker("W1", **TODAY)["since"] == "2026-06-17T17:00:00Z"


@pytest.mark.parametrize(
    "minutes, state, working, idle, units",
    [
        (2, "working", 62, 0, 0),
        (4, "idle", 64, 0, 0),
        (5, "idle", 64, 1, 0),
        (7, "idle", 64, 3, 7),
        (9, "absent", 64, 5, 7),
        (20, "absent", 64, 5, 7),
    ],
)
def test_golden_22_figures_follow_as_time_passes_without_a_write(  # noqa: PLR0917 - one word for each field of an event
    hurried: Floor,
    still_clock: TimeMachineFixture,
    minutes: int,
    state: str,
    working: int,
    idle: int,
    units: int,
) -> None:
    still_clock.shift(minutes * 60)
    record = hurried.worker("W1", **TODAY)
    found = (record["state"], record["working_ms"] // MINUTE, record["idle_ms"] // MINUTE)
    assert (*found, record["units"]) == (state, working, idle, units)


def test_golden_22_workstation_is_occupied_up_to_now(
    hurried: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.shift(120)
    assert hurried.station("S1", **TODAY)["present_any_ms"] == 62 * MINUTE


def test_golden_22_newest_event_is_the_newest_as_of_now(hurried: Floor) -> None:
    assert hurried.worker("W1", **TODAY)["newest_event_at"] == "2026-06-17T17:00:00Z"


def test_golden_22_tie_that_lies_ahead_is_not_counted_as_overruled(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    floor.put(ahead(2), ahead(2, kind="idle"))
    still_clock.shift(60)
    assert floor.worker("W1", **TODAY)["overruled_events"] == 0


def test_golden_22_series_ends_now(hurried: Floor) -> None:
    results = hurried.figures("series", **TODAY, bucket="5m")["results"]
    assert results[-1]["end"] == "2026-06-17T18:00:00Z"


def test_state_turns_to_unknown_after_its_ttl(db: None, still_clock: TimeMachineFixture) -> None:
    floor = Floor(ttl=300)
    floor.put(ahead(0))
    states = []
    for _ in range(3):
        states.append(floor.worker("W1", **TODAY)["state"])
        still_clock.shift(150)
    assert states == ["working", "working", "unknown"]
