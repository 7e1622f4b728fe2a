"""A retention that is wrong on purpose does not get past the fourth law."""

from collections.abc import Callable

import pytest
from hypothesis import given

from events import horizon, queries, retention
from metrics.domain import derivation
from metrics.domain.timeline import clip
from tests.floor import Floor, taken_back
from tests.laws.effort import UNTIL_IT_FAILS
from tests.laws.horizons import Kept, Step, retentions
from tests.laws.stored import check_rows
from workers.models import Site

BUGS: dict[str, tuple[object, str, Callable]] = {
    "open states left open": (horizon, "_freezers", lambda: ()),
    "nothing carried in": (queries, "carried_in", lambda *_: []),
    "carried state counts from its own start": (
        derivation,
        "clip",
        lambda pieces, _low, high: clip(pieces, 0, high),
    ),
}


@pytest.fixture
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*request.param)
    monkeypatch.setattr(retention, "REST_S", 0)
    Site.objects.create(code="F2", name="Floor F2", retention_days=36_500)


@pytest.mark.parametrize("broken", BUGS.values(), ids=BUGS, indirect=True)
def test_law_catches(law_floor: Floor, broken: None) -> None:
    @UNTIL_IT_FAILS
    @given(retentions())
    def law(steps: list[Step]) -> None:
        with taken_back():
            kept = Kept(law_floor)
            kept.take_all(steps)
            assert law_floor.difference() is None
            check_rows([*kept.told.received.values()], horizon=kept.horizon)

    with pytest.raises(AssertionError):
        law()
