"""A splice that is wrong on purpose does not get past the first law.

Else its silence would prove little.
"""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given

from metrics import rollup, stretches
from metrics.domain import sums, timeline
from metrics.domain.sums import Presence
from metrics.domain.timeline import Piece, Point
from tests.floor import Floor, taken_back
from tests.laws.effort import UNTIL_IT_FAILS
from tests.laws.logs import Delivery, deliver, deliveries
from tests.laws.stored import check_rows
from workers.domain.master import MasterData

whole_pieces, whole_splice, whole_regions = (
    timeline.pieces_between,
    timeline.spliced,
    stretches.regions_around,
)


def ttl_is_ignored(points: Sequence[Point]) -> list[Piece]:
    return whole_pieces([point._replace(until=2**62) for point in points])


def region_ends_one_event_early(
    stored: Iterable[Piece], points: Sequence[Point], *, low: int, high: int
) -> list[Piece]:
    return whole_splice(stored, points[:-1], low=low, high=high)


def region_begins_at_the_late_event(
    instants: Sequence[tuple[int, int]], master: MasterData
) -> list:
    regions = zip(whole_regions(instants, master), instants, strict=True)
    return [(worker_id, instant, high) for (worker_id, _, high), (_, instant) in regions]


def presence_is_summed(pieces: Iterable[Piece]) -> Presence:
    states = [(piece.state, (piece.start, piece.end)) for piece in pieces]
    present = [interval for state, interval in states if state != "absent"]
    return Presence(present, [interval for state, interval in states if state == "working"])


def ties_are_not_ranked(event: object, rules: object) -> tuple:
    return ()


def hours_are_not_cut(piece: Piece) -> list[Piece]:
    return [piece]


SPLICES = {
    "ttl ignored": (timeline, "pieces_between", ttl_is_ignored),
    "region one event short": (rollup, "spliced", region_ends_one_event_early),
    "region without the event before": (
        stretches,
        "regions_around",
        region_begins_at_the_late_event,
    ),
}
RULES = {
    "presence summed": (sums, "presence", presence_is_summed),
    "tie by arrival": (timeline, "_rank", ties_are_not_ranked),
    "spans not cut": (timeline, "_cut_at_hours", hours_are_not_cut),
}


@pytest.fixture
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*request.param)


@pytest.mark.parametrize(
    "broken", [*SPLICES.values(), *RULES.values()], ids=[*SPLICES, *RULES], indirect=True
)
def test_oracle_catches(law_floor: Floor, broken: None) -> None:
    @UNTIL_IT_FAILS
    @given(deliveries())
    def law(delivery: Delivery) -> None:
        with taken_back():
            check_rows(deliver(law_floor, delivery))

    with pytest.raises(AssertionError):
        law()


@pytest.mark.parametrize("broken", SPLICES.values(), ids=SPLICES, indirect=True)
def test_verify_catches(law_floor: Floor, broken: None) -> None:
    @UNTIL_IT_FAILS
    @given(deliveries())
    def law(delivery: Delivery) -> None:
        with taken_back():
            deliver(law_floor, delivery)
            assert law_floor.difference() is None

    with pytest.raises(AssertionError):
        law()
