"""`manage.py run_worker`: each task once for each time it is due, whatever others do."""

import inspect
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string
from pytest_django import Settings
from time_machine import TimeMachineFixture

from common.instants import to_ms
from tests.floor import NOW
from tests.workers import errands
from workers import tasks
from workers.models import BackgroundTask

pytestmark = pytest.mark.django_db
HERE = "tests.workers.errands"
NOW_MS = to_ms(NOW)
SECOND, MINUTE = 1_000, 60_000


@pytest.fixture(autouse=True)
def nothing_ran() -> Iterator[None]:
    errands.RAN.clear()
    yield
    errands.RAN.clear()


def configure(settings: Settings, **every_s: int) -> None:
    settings.WORKER_TASKS = [(f"{HERE}.{name}", seconds) for name, seconds in every_s.items()]


def work() -> list[str]:
    """What ran."""
    errands.RAN.clear()
    call_command("run_worker", "--once")
    return [word for word, _ in errands.RAN]


def task(name: str) -> BackgroundTask:
    return BackgroundTask.objects.get(path=f"{HERE}.{name}")


def test_the_configured_tasks_can_be_called() -> None:
    for path, every_s in configured.WORKER_TASKS:
        assert list(inspect.signature(import_string(path)).parameters) == ["now_ms"], path
        assert every_s >= 1


def test_every_configured_task_runs(floor: Any) -> None:
    call_command("run_worker", "--once")
    assert not tasks.worker_is_late(NOW_MS)
    assert not BackgroundTask.objects.exclude(failures=0).exists()


def test_a_new_task_runs_at_once_with_the_time(
    settings: Settings, still_clock: TimeMachineFixture
) -> None:
    configure(settings, note=60)
    work()
    assert errands.RAN == [("note", NOW_MS)]


def test_it_runs_again_when_it_is_due(settings: Settings, still_clock: TimeMachineFixture) -> None:
    configure(settings, note=60, also=20)
    work()
    still_clock.shift(timedelta(seconds=19))
    assert work() == []
    still_clock.shift(timedelta(seconds=1))
    assert work() == ["also"]
    still_clock.shift(timedelta(seconds=40))
    assert work() == ["note", "also"]


def test_after_a_long_pause_it_runs_once(
    settings: Settings, still_clock: TimeMachineFixture
) -> None:
    configure(settings, note=60)
    work()
    still_clock.shift(timedelta(hours=5))
    assert [work(), work()] == [["note"], []]


def test_a_failing_task_stops_no_other(settings: Settings, still_clock: TimeMachineFixture) -> None:
    configure(settings, fail=60, note=60)
    with pytest.raises(CommandError, match=rf"Failed, and due again later: {HERE}\.fail"):
        work()
    assert [word for word, _ in errands.RAN] == ["fail", "note"]
    assert task("fail").last_error == "ValueError: this went wrong"
    assert tasks.standing_of(task("fail"), now_ms=NOW_MS) == "failing"


def test_a_failing_task_is_tried_again_ever_later(
    settings: Settings, still_clock: TimeMachineFixture
) -> None:
    configure(settings, fail=2)
    for pause in (10, 20, 40, 80, 160, 300, 300):
        with pytest.raises(CommandError):
            work()
        still_clock.shift(timedelta(seconds=pause, milliseconds=-1))
        assert work() == []
        still_clock.shift(timedelta(milliseconds=1))


def test_a_task_that_has_recovered_keeps_its_own_pace(
    settings: Settings, still_clock: TimeMachineFixture
) -> None:
    configure(settings, note=3600)
    work()
    BackgroundTask.objects.update(failures=3, last_error="was away", due_at=NOW_MS)
    work()
    assert (task("note").failures, task("note").last_error) == (0, "")
    assert to_ms(task("note").due_at) == NOW_MS + 3600 * SECOND


def test_what_cannot_be_imported_is_one_clear_line(settings: Settings) -> None:
    settings.WORKER_TASKS = [("drift.nowhere.tidy", 5)]
    with pytest.raises(CommandError, match=r"WORKER_TASKS names what can't be imported: .*nowhere"):
        call_command("run_worker", "--once")


# --- claims --------------------------------------------------------------------------------------


def claim(by: str, at: int) -> list[str]:
    return tasks.claim_due(["a", "b"], by=by, now_ms=at, lease_ms=MINUTE)


def test_a_claimed_task_is_not_anothers() -> None:
    tasks.enter(["a"], now_ms=0)
    assert [claim("ada", 5), claim("bob", 5)] == [["a"], []]


def test_what_a_killed_worker_held_is_taken_over() -> None:
    tasks.enter(["a"], now_ms=0)
    claim("ada", 0)
    assert [claim("bob", MINUTE - 1), claim("bob", MINUTE)] == [[], ["a"]]


def test_a_long_task_stays_with_who_runs_it() -> None:
    tasks.enter(["a"], now_ms=0)
    claim("ada", 0)
    tasks.keep(["a"], by="ada", until_ms=2 * MINUTE)
    assert [claim("bob", MINUTE), claim("bob", 2 * MINUTE)] == [[], ["a"]]


def test_who_lost_a_task_can_no_longer_settle_it() -> None:
    tasks.enter(["a"], now_ms=0)
    claim("ada", 0)
    claim("bob", MINUTE)
    tasks.settle("a", by="ada", every_s=5, error="", now_ms=MINUTE + 1)
    tasks.keep(["a"], by="ada", until_ms=10 * MINUTE)
    held = BackgroundTask.objects.get()
    assert (held.claimed_by, to_ms(held.claimed_until)) == ("bob", 2 * MINUTE)


def test_the_longest_due_comes_first() -> None:
    tasks.enter(["b"], now_ms=0)
    tasks.enter(["a"], now_ms=1)
    assert claim("ada", 5) == ["b", "a"]


# --- is anybody working? -------------------------------------------------------------------------


def test_without_a_worker_it_is_late(settings: Settings) -> None:
    configure(settings, note=60)
    assert tasks.worker_is_late(NOW_MS)


def test_a_worker_that_works_is_not_late(
    settings: Settings, still_clock: TimeMachineFixture
) -> None:
    configure(settings, note=60, also=3600)
    work()
    assert not tasks.worker_is_late(NOW_MS + 3 * MINUTE)
    assert tasks.worker_is_late(NOW_MS + 3 * MINUTE + 1)


def test_a_task_that_is_under_way_is_not_late(settings: Settings) -> None:
    settings.WORKER_TASKS = [("a", 5)]
    tasks.enter(["a"], now_ms=0)
    claim("ada", 3 * MINUTE)
    assert not tasks.worker_is_late(4 * MINUTE - 1)
    assert tasks.worker_is_late(4 * MINUTE)


def test_a_task_that_is_no_longer_configured_is_not_missed(
    settings: Settings, still_clock: TimeMachineFixture
) -> None:
    tasks.enter(["gone"], now_ms=0)
    configure(settings, note=60)
    work()
    assert not tasks.worker_is_late(NOW_MS)


def test_looking_costs_two_statements(
    settings: Settings, django_assert_num_queries: Any, still_clock: TimeMachineFixture
) -> None:
    configure(settings, note=60, also=60)
    work()
    with django_assert_num_queries(2):
        tasks.worker_is_late(NOW_MS)
    with django_assert_num_queries(1):  # nothing is due
        tasks.claim_due([f"{HERE}.note"], by="ada", now_ms=NOW_MS, lease_ms=MINUTE)
