"""The life of alerts, of the floor, of silence and of volume, without any database."""

from dataclasses import replace
from typing import Any

import pytest

from common.instants import DAY_MS, HOUR_MS
from drift.domain.alerts import Case, Cause, End, cases_of
from drift.domain.detector import Alarm
from drift.domain.floor import Low, lows_of
from drift.domain.inputs import Decision, Inputs, Rules
from drift.domain.silence import silent_at
from drift.domain.volume import volume_of

DAY, HOUR = DAY_MS, HOUR_MS


def alarm(begins: int, ends: int | None = None, **more: object) -> Alarm:
    usual = Alarm("working", "mean", begins - HOUR, begins, None, ends, 9.0, 0.9, 0.8)
    return replace(usual, **more)


def cases(
    *found: Alarm | Low, until: int = 40 * DAY, replaced: int | None = None, **inputs: Any
) -> list[Case]:
    alarms = [each for each in found if isinstance(each, Alarm)]
    lows = [each for each in found if isinstance(each, Low)]
    return cases_of(alarms, lows, Inputs(**inputs), End(until, replaced))


def spans(*found: Alarm | Low, **more: Any) -> list[list[tuple[int, int | None, str]]]:
    """Of each alert: its rounds in hours."""
    return [
        [
            (each.opened_at // HOUR, each.resolved_at and each.resolved_at // HOUR, each.resolution)
            for each in case
        ]
        for case in cases(*found, **more)
    ]


def test_what_goes_on_stays_open() -> None:
    assert spans(alarm(10 * HOUR)) == [[(10, None, "")]]


def test_a_day_of_quiet_ends_it() -> None:
    assert spans(alarm(10 * HOUR, 12 * HOUR)) == [[(10, 36, "quiet")]]


def test_a_day_that_is_not_over_yet_does_not() -> None:
    assert spans(alarm(10 * HOUR, 12 * HOUR), until=36 * HOUR - 1) == [[(10, None, "")]]


def test_alarms_less_than_a_day_apart_are_one_round() -> None:
    found = (alarm(10 * HOUR, 12 * HOUR), alarm(35 * HOUR, 36 * HOUR))
    assert spans(*found) == [[(10, 60, "quiet")]]


def test_within_three_days_it_opens_again() -> None:
    found = (alarm(10 * HOUR, 12 * HOUR), alarm(108 * HOUR, 109 * HOUR))
    assert spans(*found) == [[(10, 36, "quiet"), (108, 133, "quiet")]]


def test_after_three_days_it_is_another_alert() -> None:
    found = (alarm(10 * HOUR, 12 * HOUR), alarm(109 * HOUR, 110 * HOUR))
    assert [len(case) for case in spans(*found)] == [1, 1]


def test_a_person_ends_it_before_the_quiet_does() -> None:
    decided = Decision(14 * HOUR, "fixed", 9 * HOUR)
    assert spans(alarm(10 * HOUR, 12 * HOUR), decisions=[decided]) == [[(10, 14, "fixed")]]


def test_a_decision_of_before_does_not_count() -> None:
    decided = Decision(9 * HOUR, "fixed", 0)
    assert spans(alarm(10 * HOUR), decisions=[decided]) == [[(10, None, "")]]


def test_a_replaced_version_ends_it() -> None:
    assert spans(alarm(10 * HOUR), replaced=50 * HOUR) == [[(10, 50, "model_replaced")]]


def test_after_asking_for_a_training_nothing_opens() -> None:
    decided = Decision(14 * HOUR, "retraining_requested", 9 * HOUR)
    found = (alarm(10 * HOUR, 14 * HOUR), alarm(20 * HOUR))
    assert spans(*found, decisions=[decided]) == [[(10, 14, "retraining_requested")]]


WINDOW = [(8 * HOUR, 11 * HOUR)]


def test_maintenance_puts_the_opening_off() -> None:
    ((first,),) = cases(alarm(10 * HOUR), maintenance=WINDOW)
    assert (first.opened_at, first.detected_at) == (11 * HOUR, 10 * HOUR)


def test_what_ends_during_maintenance_never_opens() -> None:
    assert cases(alarm(9 * HOUR, 11 * HOUR), maintenance=WINDOW) == []


def test_what_opens_later_is_not_known_yet() -> None:
    assert cases(alarm(10 * HOUR), maintenance=WINDOW, until=10 * HOUR) == []


@pytest.mark.parametrize(
    "more, critical",
    [
        ((), None),
        ((alarm(12 * HOUR, event_type="idle"),), None),
        ((alarm(12 * HOUR, channel="dispersion"),), 12),
        ((alarm(12 * HOUR, doubled_at=15 * HOUR),), 15),
        ((Low(0, 13 * HOUR, None),), 13),
    ],
    ids=["one", "another type", "second channel", "twice the limit", "floor"],
)
def test_what_makes_it_critical(more: tuple, critical: int | None) -> None:
    ((first,),) = cases(alarm(10 * HOUR), *more)
    assert (first.critical_at and first.critical_at // HOUR) == critical


def test_reasons_stand_in_their_order() -> None:
    ((first,),) = cases(
        Low(0, 9 * HOUR, None), alarm(10 * HOUR, channel="dispersion"), alarm(11 * HOUR)
    )
    assert first.reasons == ["mean", "dispersion", "floor"]
    assert [each.channel for each in first.alarms] == ["dispersion", "mean"]


def test_the_onset_is_that_of_what_opened_it() -> None:
    ((first,),) = cases(
        alarm(10 * HOUR, event_type="idle", onset_at=5 * HOUR),
        alarm(10 * HOUR, onset_at=7 * HOUR),
        alarm(12 * HOUR, event_type="absent", onset_at=HOUR),
    )
    assert first.onset_at == 5 * HOUR


def test_causes_are_plain_values() -> None:
    assert Cause("mean", 0, 1, 1, None, None) == Cause("mean", 0, 1, 1, None, None)


# --- the floor -----------------------------------------------------------------------------------


def hours(*means: int, n: int = 10, start: int = 0) -> list[tuple[int, int, int, int]]:
    """Hourly rows with n events of a mean in hundredths."""
    return [(start + at * HOUR, n, n * mean * 100, 0) for at, mean in enumerate(means)]


def low_hours(*means: int, n: int = 10, **inputs: Any) -> list[tuple[int, int | None]]:
    found = lows_of({"working": hours(*means, n=n)}, Inputs(**inputs))
    return [(low.begins // HOUR, low.ends and low.ends // HOUR) for low in found]


def test_the_mean_of_a_day_counts() -> None:
    assert low_hours(*[90] * 24, *[80] * 24) == [(24 + 13, None)]


def test_fifty_events_are_needed() -> None:
    assert low_hours(*[80] * 4) == []
    assert low_hours(*[80] * 5) == [(5, None)]


def test_too_few_events_leave_it_as_it_was() -> None:
    rows = hours(*[80] * 5) + hours(*[99] * 4, start=40 * HOUR)
    assert lows_of({"working": rows}, Inputs()) == [Low(0, 5 * HOUR, None)]


def test_exactly_on_the_floor_is_not_below() -> None:
    assert low_hours(*[85] * 6) == []


def test_it_ends_above() -> None:
    assert low_hours(*[80] * 24, *[99] * 24) == [(5, 24 + 7)]


def test_types_count_together() -> None:
    rows = {"working": hours(*[80] * 5, n=5), "idle": hours(*[80] * 5, n=5)}
    assert len(lows_of(rows, Inputs())) == 1


def test_rules_may_lower_it() -> None:
    assert low_hours(*[80] * 9, rules=[(0, Rules(floor=7_500))]) == []


@pytest.mark.parametrize(
    "resolution, after", [("fixed", [(13, None)]), ("new_normal", []), ("false_alarm", [])]
)
def test_after_a_decision(resolution: str, after: list) -> None:
    decided = Decision(8 * HOUR, resolution, 0)
    assert low_hours(*[80] * 20, decisions=[decided]) == [(5, 8), *after]


def test_an_accepted_level_alerts_again_once_it_was_above() -> None:
    decided = Decision(8 * HOUR, "new_normal", 0)
    found = low_hours(*[80] * 8, *[99] * 24, *[70] * 24, decisions=[decided])
    assert [each for each in found if each[0] > 30]


# --- silence and volume --------------------------------------------------------------------------


def test_three_intervals_of_scheduled_time() -> None:
    assert silent_at([(0, 30), (100, 200)], interval_ms=20) == 130
    assert silent_at([(0, 30), (100, 129)], interval_ms=20) is None
    assert silent_at([], interval_ms=20) is None


@pytest.mark.parametrize(
    "seen, weeks, is_low",
    [
        (39, [80, 80], True),
        (40, [80, 80], False),
        (39, [80, 0], True),
        (10, [49], False),
        (0, [0, 0], False),
        (0, [], False),
    ],
)
def test_less_than_half_of_enough(seen: int, weeks: list[float], is_low: bool) -> None:
    assert volume_of(seen, weeks).is_low is is_low
