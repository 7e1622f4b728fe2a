"""A site that is removed is gone from every table and folder; others do not notice."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from time_machine import TimeMachineFixture

from common import clock
from common.instants import to_ms
from tests.floor import Floor, event
from tests.moving.rich import rich
from tests.moving.stored import everything, files
from workers.models import Site
from workers.moving import removal


def test_nothing_of_it_is_left_and_nothing_else_is_gone(
    transactional_db: None, still_clock: TimeMachineFixture
) -> None:
    neighbour = Floor("N1")
    neighbour.put(*(event(f"08:0{n}") for n in range(5)))
    before = everything(), files()
    rich("F1")
    assert (everything(), files()) != before
    call_command("remove_site", "F1", "--yes", stdout=StringIO())
    assert (everything(), files()) == before


def test_its_door_is_locked_first(floor: Floor) -> None:
    other = Floor("F2")
    removal.lock_door(floor.site, now_ms=to_ms(clock.now()))
    assert floor.send([event("09:00")]).status_code == 401
    assert floor.ask("overview", "08:00", "09:00").status_code == 404
    assert other.send([event("09:00")]).status_code == 200


def test_a_key_that_a_process_still_remembers_stores_nothing(floor: Floor) -> None:
    assert floor.send([event("09:00")]).status_code == 200
    stored = floor.events()
    Site.every.filter(pk=floor.site.pk).update(state=Site.State.LEAVING)  # by another process
    assert floor.send([event("09:01")]).status_code == 401
    assert floor.events() == stored


def test_removal_that_was_stopped_is_finished_by_the_next(floor: Floor) -> None:
    def stop(line: str) -> None:
        if line.startswith("events.Event"):
            raise KeyboardInterrupt

    removal.lock_door(floor.site, now_ms=to_ms(clock.now()))
    with pytest.raises(KeyboardInterrupt):
        removal.sweep(floor.site.pk, stop)
    assert Site.every.filter(code="F1").exists()
    removal.remove_leaving(to_ms(clock.now()))
    assert not Site.every.filter(code="F1").exists()
    assert not everything()


def test_the_worker_leaves_open_sites_alone(floor: Floor) -> None:
    before = everything()
    removal.remove_leaving(to_ms(clock.now()))
    assert everything() == before


def test_the_code_is_asked_for_again(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("F2\n"))
    with pytest.raises(CommandError, match="Nothing was removed"):
        call_command("remove_site", "F1")
    assert Site.objects.filter(code="F1").exists()
    monkeypatch.setattr("sys.stdin", StringIO("F1\n"))
    call_command("remove_site", "F1", stdout=StringIO())
    assert not Site.every.filter(code="F1").exists()


def test_a_site_that_does_not_exist(floor: Floor) -> None:
    with pytest.raises(CommandError, match="There is no site 'F9'"):
        call_command("remove_site", "F9", "--yes")
