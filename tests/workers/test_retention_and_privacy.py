"""What a site keeps and for how long: names of who has left, and the history of changes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from common import clock
from common.instants import to_ms
from tests.floor import NOW, Floor
from workers import old_history, pseudonyms, registry
from workers.models import Camera, Site, Worker

TODAY = NOW.date()


def now_ms() -> int:
    return to_ms(clock.now())


def names_days(floor: Floor, days: int | None) -> None:
    Site.objects.filter(pk=floor.site.pk).update(names_days=days)


def name_of(floor: Floor, code: str) -> str:
    return Worker.objects.get(site=floor.site, code=code).name


@pytest.mark.parametrize("days_ago, name", [(29, "Worker 1"), (30, "W1"), (31, "W1")])
def test_names_go_so_many_days_after_the_last_that_counted(
    floor: Floor, days_ago: int, name: str
) -> None:
    names_days(floor, 30)
    floor.retire(floor.workers["W1"], TODAY - timedelta(days=days_ago))
    pseudonyms.remove_due(now_ms())
    assert name_of(floor, "W1") == name


def test_the_history_of_changes_forgets_the_name_too(floor: Floor) -> None:
    names_days(floor, 1)
    worker = floor.workers["W1"]
    worker.name = "Ada Lovelace"
    registry.save_worker(worker)
    floor.retire(worker, date(2026, 1, 1))
    pseudonyms.remove_due(now_ms())
    assert {*Worker.history.filter(id=worker.pk).values_list("name", flat=True)} == {"W1"}


def test_who_works_here_keeps_the_name(floor: Floor) -> None:
    names_days(floor, 1)
    floor.retire(floor.workers["W2"], TODAY + timedelta(days=3))
    assert pseudonyms.remove_due(now_ms()) == 0
    assert name_of(floor, "W1") == "Worker 1"


def test_without_the_setting_and_at_other_sites_names_stay(floor: Floor) -> None:
    other = Floor("F2")
    names_days(other, 1)
    for each in (floor, other):
        floor.retire(each.workers["W1"], date(2026, 1, 1))
    assert pseudonyms.remove_due(now_ms()) == 1
    assert (name_of(floor, "W1"), name_of(other, "W1")) == ("Worker 1", "W1")


def test_the_calendar_does_not_end_before_the_longest_setting(floor: Floor) -> None:
    names_days(floor, 2_000_000_000)
    floor.retire(floor.workers["W1"], date(2026, 1, 1))
    assert pseudonyms.remove_due(now_ms()) == 0


def test_old_versions_go_and_younger_ones_stay(floor: Floor) -> None:
    other = Floor("F2")
    Site.objects.filter(pk=floor.site.pk).update(history_days=30)
    for each in (floor, other):
        registry.save_camera(each.cameras["C1"], at=clock.now(), workstations={"S1"})
    Camera.history.update(history_date=NOW - timedelta(days=31))
    young = floor.cameras["C2"]
    young.name = "Above the press"
    registry.save(young)
    old_history.remove_old(now_ms())
    kept = Camera.history.filter(at_site=floor.site.pk)
    assert {*kept.values_list("id", flat=True)} == {young.pk}
    assert Camera.history.filter(at_site=other.site.pk).exists()


@pytest.mark.parametrize(
    "setting, value",
    [("refused_days", 0), ("refused_days", 366), ("names_days", 0), ("history_days", 29)],
)
def test_what_is_out_of_bounds_is_refused(floor: Floor, setting: str, value: int) -> None:
    setattr(floor.site, setting, value)
    with pytest.raises(ValidationError) as caught:
        registry.save_site(floor.site, at=clock.now())
    assert set(caught.value.message_dict) == {setting}
