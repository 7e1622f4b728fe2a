"""An answer's ETag: the same as long as nothing has changed, and no longer."""

from collections.abc import Callable

import pytest
from rest_framework.response import Response
from time_machine import TimeMachineFixture

from tests.floor import NOW, Floor, after, event
from workers.models import Role

WINDOW = ("08:00", "15:00")
EVERY = [
    "overview",
    "factory",
    "workers",
    "workstations",
    "series",
    "timeline",
    "strips",
    "hours",
]
UP_TO_NOW = {"start": after(NOW, hours=-2), "end": after(NOW, hours=1)}


def again(floor: Floor, first: Response, *window: str, **more: str) -> int:
    """The status of the same question, asked with the tag of the first answer."""
    headers = {"If-None-Match": first.headers["ETag"]}
    return floor.ask("factory", *window, headers=headers, **more).status_code


@pytest.mark.parametrize("what", EVERY)
def test_unchanged_answer_is_304(day: Floor, what: str) -> None:
    headers = {"If-None-Match": day.ask(what, *WINDOW).headers["ETag"]}
    assert day.ask(what, *WINDOW, headers=headers).status_code == 304


def test_304_has_no_body(day: Floor) -> None:
    headers = {"If-None-Match": day.ask("factory", *WINDOW).headers["ETag"]}
    assert day.ask("factory", *WINDOW, headers=headers).content == b""


def test_tag_among_others_is_found(day: Floor) -> None:
    tag = day.ask("factory", *WINDOW).headers["ETag"]
    headers = {"If-None-Match": f'"another", {tag}'}
    assert day.ask("factory", *WINDOW, headers=headers).status_code == 304


def add_a_shift(floor: Floor) -> None:
    floor.add_shift("Early", "06:00", "14:00")


def rename_a_worker(floor: Floor) -> None:
    floor.workers["W1"].name = "Somebody"
    floor.workers["W1"].save()


def aim_higher(floor: Floor) -> None:
    target = floor.stations["S1"].targets.get()
    target.per_hour = 20
    target.save()


CHANGES: dict[str, Callable[[Floor], object]] = {
    "event": lambda floor: floor.put(event("14:30")),
    "late event": lambda floor: floor.put(event("09:30", "W2")),
    "shift": add_a_shift,
    "closure": lambda floor: floor.close("09:00", "10:00"),
    "worker": rename_a_worker,
    "target": aim_higher,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_write_makes_a_new_answer(day: Floor, change: Callable[[Floor], object]) -> None:
    first = day.ask("factory", *WINDOW)
    change(day)
    assert again(day, first, *WINDOW) == 200


def test_duplicate_changes_no_answer(day: Floor) -> None:
    first = day.ask("factory", *WINDOW)
    day.post(event("08:00"))
    assert again(day, first, *WINDOW) == 304


def test_other_site_changes_no_answer(day: Floor) -> None:
    first = day.ask("factory", *WINDOW)
    Floor("F2").put(event("08:00"))
    assert again(day, first, *WINDOW) == 304


def test_other_window_is_another_answer(day: Floor) -> None:
    first = day.ask("factory", *WINDOW)
    assert again(day, first, "08:00", "14:55") == 200


@pytest.mark.parametrize("more", [{"worker_id": "W1"}, {"workstation_id": "S1"}])
def test_narrower_question_is_another_answer(day: Floor, more: dict[str, str]) -> None:
    first = day.ask("factory", *WINDOW)
    assert again(day, first, *WINDOW, **more) == 200


def test_reader_with_other_rights_gets_another_answer(day: Floor) -> None:
    day.add_member("vera", Role.VIEWER)
    first = day.ask("overview", *WINDOW)
    headers = {"If-None-Match": first.headers["ETag"]}
    assert day.ask("overview", *WINDOW, by="vera", headers=headers).status_code == 200


def test_window_of_the_past_is_the_same_tomorrow(
    day: Floor, still_clock: TimeMachineFixture
) -> None:
    first = day.ask("factory", *WINDOW)
    still_clock.shift(24 * 3600)
    assert again(day, first, *WINDOW) == 304


@pytest.mark.parametrize("seconds, status", [(4, 304), (5, 200)])
def test_window_that_reaches_now_is_new_every_five_seconds(
    day: Floor, still_clock: TimeMachineFixture, seconds: int, status: int
) -> None:
    first = day.ask("factory", **UP_TO_NOW)
    still_clock.shift(seconds)
    assert again(day, first, **UP_TO_NOW) == status


def test_answer_may_be_kept_only_after_asking_again(day: Floor) -> None:
    assert day.ask("factory", *WINDOW).headers["Cache-Control"] == "private, no-cache"
