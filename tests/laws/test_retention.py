"""The fourth law: removing old events changes no figure, neither of then nor of since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import retention
from events.models import Event
from metrics.rebuild import rebuild_site
from tests.floor import Floor, taken_back
from tests.laws.effort import HALF_AS_LONG, LAW
from tests.laws.horizons import Kept, Step, retentions
from tests.laws.stored import check_rows, stored_rows
from tests.laws.verdicts import REVIEWERS, choose
from workers.models import Site

pytestmark = pytest.mark.usefixtures("small_steps")


@LAW
@given(retentions())
def test_rows_are_those_of_a_site_that_keeps_everything(
    law_floor: Floor, steps: list[Step]
) -> None:
    with taken_back():
        kept = Kept(law_floor)
        for _ in kept.taking(steps):
            assert law_floor.difference() is None
        check_rows([*kept.told.received.values()], horizon=kept.horizon)


@LAW
@given(retentions(people=True), st.booleans())
@pytest.mark.usefixtures("reviewers")
def test_words_and_ttls_count_from_the_horizon_on(
    law_floor: Floor, steps: list[Step], exclude: bool
) -> None:
    with taken_back():
        choose(law_floor, exclude=exclude)
        kept = Kept(law_floor, exclude)
        for _ in kept.taking(steps):
            kept.check()
            assert law_floor.difference() is None


@HALF_AS_LONG
@given(retentions(people=True))
@pytest.mark.usefixtures("reviewers")
def test_rebuild_changes_nothing_behind_or_before_a_horizon(
    law_floor: Floor, steps: list[Step]
) -> None:
    with taken_back():
        kept = Kept(law_floor)
        kept.take_all(steps)
        before = stored_rows()
        rebuild_site(law_floor.site.pk)
        assert stored_rows() == before


@HALF_AS_LONG
@given(retentions(people=True))
@pytest.mark.usefixtures("reviewers")
def test_of_each_worker_at_most_one_instant_stays_behind_the_horizon(
    law_floor: Floor, steps: list[Step]
) -> None:
    with taken_back():
        kept = Kept(law_floor)
        kept.take_all(steps)
        for _ in retention.remove_steps(law_floor.site.pk):
            pass
        old = Event.objects.filter(occurred_at__lt=kept.horizon)
        counted = {(e.worker, e.at) for e in kept.told.effective(exclude=False)}
        assert old.count() <= len({event.camera_id for event in old}) * len(law_floor.workers)
        assert len({*old.values_list("occurred_at", flat=True)}) <= len({w for w, _ in counted})


@pytest.fixture(autouse=True)
def longer_kept(db: None) -> None:
    """Another site keeps its events longer: here the horizon need not wait for a month to end."""
    Site.objects.create(code="F2", name="Floor F2", retention_days=36_500)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "STEP", 2)
    monkeypatch.setattr(retention, "REST_S", 0)


@pytest.fixture
def reviewers(law_floor: Floor) -> None:
    for name in REVIEWERS:
        law_floor.add_member(name, "reviewer")
