"""The second law: readers are told the integrals over the events, for any window and any moment."""

import pytest
from hypothesis import given
from time_machine import TimeMachineFixture

from common.instants import to_datetime
from metrics.queries import buckets
from tests.floor import Floor, taken_back
from tests.laws.effort import LAW, UNTIL_IT_FAILS
from tests.laws.logs import Delivery, days, deliver, deliveries
from tests.laws.reading import Asking, Calendar, askings, calendars, check_answers, figures_of

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


def no_tails(*_args: object) -> dict[int, object]:
    return {}


def nothing_ahead(*_args: object) -> None:
    return None


@pytest.mark.parametrize(
    "part",
    [
        (buckets, "_tails", no_tails),
        (buckets.Corrections, "_take_off_what_is_ahead", nothing_ahead),
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
        calendar.write(floor)
        accepted = deliver(floor, delivery)
        time_machine.move_to(to_datetime(asking.now), tick=False)
        check_answers(floor, figures_of(accepted, calendar, asking), asking)
