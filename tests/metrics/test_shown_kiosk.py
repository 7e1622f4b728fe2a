"""A wall screen's tiles: each workstation in its own place, in turns where there are too many."""

from typing import Any

import pytest

from metrics.shown.kiosk import present
from metrics.shown.links import Links
from tests.metrics import answers

Json = dict[str, Any]


def board(*stations: Json, **more: Any) -> Json:
    return present(answers.overview(workstations=list(stations), **more), Links("", ""))


def many(number: int) -> Json:
    return board(*(answers.workstation(f"S{n}") for n in range(number)))


def test_workstations_keep_their_places_whatever_needs_attention() -> None:
    shown = board(
        answers.workstation("S1"),
        answers.workstation("S2", state="unknown"),
        attention=[answers.attention("not_seen", "S2")],
    )
    assert [(each["key"], each["kind"]) for each in shown["tiles"]] == [
        ("S1", ""),
        ("S2", "not_seen"),
    ]


def test_what_needs_attention_is_named_above_all_pages() -> None:
    shown = board(
        answers.workstation("S1", state="absent"),
        answers.workstation("S2"),
        attention=[answers.attention("empty", "S1")],
    )
    assert shown["attention"] == "1 workstation needs attention: S1"
    assert board(answers.workstation("S2"))["attention"] == "Nothing needs attention"


@pytest.mark.parametrize(
    "number, room, pages",
    [
        (0, "6", "1"),
        (6, "6", "1"),
        (7, "8", "1"),
        (12, "12", "1"),
        (13, "20", "1"),
        (40, "40", "1"),
        (41, "30", "2"),
        (200, "30", "7"),
    ],
)
def test_the_fewer_the_larger_and_too_many_take_turns(number: int, room: str, pages: str) -> None:
    shown = many(number)
    assert (shown["room"], shown["pages"]) == (room, pages)


@pytest.mark.parametrize("number", [1, 40, 41, 200])
def test_pages_are_equally_full(number: int) -> None:
    on = [each["page"] for each in many(number)["tiles"]]
    counts = [on.count(page) for page in dict.fromkeys(on)]
    assert len(on) == number
    assert max(counts) - counts[-1] < len(counts)


def test_it_says_which_of_its_pages_comes_first() -> None:
    assert (many(41)["turn"], many(40)["turn"]) == ("1 of 2", "")


def test_who_is_there_is_told_by_code() -> None:
    workers = [answers.worker("W1", name="Ada")]
    shown = board(answers.workstation("S1", worker_ids=["W1", "W2"]), workers=workers)
    assert shown["tiles"][0]["who"] == "W1, W2"


def test_without_a_target_units_stand_alone() -> None:
    tile = board(answers.workstation("S1", units=7, target_units=None))["tiles"][0]
    assert (tile["units"], tile["of"], tile["attainment"]) == ("7", "units", "")
