"""What a verdict will do: effective events leave, and come back as if they had never been gone."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.floor import Floor, taken_back
from tests.laws.effort import HALF_AS_LONG
from tests.laws.logs import Delivery, deliver, deliveries
from tests.laws.oracle import Seen
from tests.laws.stored import check_rows, stored_rows
from tests.laws.verdicts import add, remove


@st.composite
def partings(draw: st.DrawFn) -> tuple[Delivery, list[Seen]]:
    """A log, and some of its events."""
    delivery = draw(deliveries())
    some = st.lists(st.sampled_from(delivery.events), max_size=6, unique=True)
    return delivery, draw(some) if delivery.events else []


@HALF_AS_LONG
@given(partings())
def test_removed_events_leave_as_if_they_had_never_been(
    law_floor: Floor, parting: tuple[Delivery, list[Seen]]
) -> None:
    delivery, leaving = parting
    with taken_back():
        accepted = deliver(law_floor, delivery)
        remove(law_floor, leaving)
        staying = [event for event in accepted if not _is_among(leaving, event)]
        check_rows(staying, but_newest=True)  # when something was last seen stays known


@HALF_AS_LONG
@given(partings())
def test_events_added_again_restore_every_row(
    law_floor: Floor, parting: tuple[Delivery, list[Seen]]
) -> None:
    delivery, leaving = parting
    with taken_back():
        deliver(law_floor, delivery)
        before = stored_rows()
        add(law_floor, remove(law_floor, leaving))
        assert stored_rows() == before


def _is_among(leaving: Sequence[Seen], event: Seen) -> bool:
    return replace(event, received=0) in leaving
