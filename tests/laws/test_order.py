"""The first law: the same events give the same rows, in any order.

Any batching and any repetition.
"""

from hypothesis import given

from tests.floor import Floor, taken_back
from tests.laws.effort import LAW
from tests.laws.logs import Delivery, deliver, deliveries
from tests.laws.stored import check_rows


@LAW
@given(deliveries())
def test_rows_follow_from_the_events_alone(law_floor: Floor, delivery: Delivery) -> None:
    with taken_back():
        check_rows(deliver(law_floor, delivery))
        assert law_floor.difference() is None
