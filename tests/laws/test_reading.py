"""The second law: readers are told the integrals over the events, for any window and any moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from common.instants import to_datetime
from metrics.queries import buckets
from tests.floor import Floor, taken_back
from tests.laws.effort import HALF_AS_LONG, LAW, UNTIL_IT_FAILS
from tests.laws.logs import Delivery, days, deliver, deliveries
from tests.laws.oracle import Seen
from tests.laws.reading import (
    Asking,
    Calendar,
    askings,
    calendars,
    check_answers,
    check_at_station,
    check_shift,
    figures_of,
)

logs = deliveries(days(size=20))


@LAW
@given(logs, calendars(), askings())
def test_figures_are_the_integrals_over_the_events(
    law_floor: Floor,
    time_machine: TimeMachineFixture,
    delivery: Delivery,
    calendar: Calendar,
    asking: Asking,
) -> None:
    check(law_floor, time_machine, delivery, calendar, asking)


@HALF_AS_LONG
@given(logs, calendars(), askings(), st.sampled_from(("S1", "S2")))
def test_figures_of_a_workstation_are_the_integrals_over_what_happened_there(
    law_floor: Floor,
    time_machine: TimeMachineFixture,
    delivery: Delivery,
    calendar: Calendar,
    asking: Asking,
    station: str,
) -> None:
    with taken_back():
        accepted = told(law_floor, time_machine, delivery, calendar, asking)
        check_at_station(law_floor, figures_of(accepted, calendar, asking), asking, station)


@HALF_AS_LONG
@given(logs, calendars(shifts=2), askings(), st.sampled_from(("A", "B")))
def test_figures_of_a_shift_are_the_integrals_over_its_time(
    law_floor: Floor,
    time_machine: TimeMachineFixture,
    delivery: Delivery,
    calendar: Calendar,
    asking: Asking,
    shift: str,
) -> None:
    with taken_back():
        accepted = told(law_floor, time_machine, delivery, calendar, asking)
        figures = figures_of(accepted, calendar, asking, shift=shift)
        check_shift(law_floor, figures, asking, shift)


def no_tails(*_args: object) -> dict[int, object]:
    return {}


def nothing_ahead(*_args: object) -> None:
    return None


@pytest.mark.parametrize(
    "part",
    [
        (buckets, "_tails", no_tails),
        (buckets.Corrections, "_take_off", nothing_ahead),
    ],
    ids=["tails", "ahead"],
)
def test_reader_that_forgets_a_correction_is_caught(
    law_floor: Floor, time_machine: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch, part: tuple
) -> None:
    monkeypatch.setattr(*part)

    @UNTIL_IT_FAILS
    @given(logs, calendars(), askings())
    def law(delivery: Delivery, calendar: Calendar, asking: Asking) -> None:
        check(law_floor, time_machine, delivery, calendar, asking)

    with pytest.raises(AssertionError):
        law()


def check(
    floor: Floor,
    time_machine: TimeMachineFixture,
    delivery: Delivery,
    calendar: Calendar,
    asking: Asking,
) -> None:
    with taken_back():
        accepted = told(floor, time_machine, delivery, calendar, asking)
        check_answers(floor, figures_of(accepted, calendar, asking), asking)


def told(
    floor: Floor,
    time_machine: TimeMachineFixture,
    delivery: Delivery,
    calendar: Calendar,
    asking: Asking,
) -> list[Seen]:
    """What was accepted; the clock stands where it is asked."""
    calendar.write(floor)
    accepted = deliver(floor, delivery)
    time_machine.move_to(to_datetime(asking.now), tick=False)
    return accepted
