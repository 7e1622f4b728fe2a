"""The part of a long list that a page shows, and the line above it."""

from collections.abc import Mapping
from typing import Any

import pytest

from metrics.shown import floor
from metrics.shown.links import Links
from metrics.shown.part import WHOLE, Part, part_of
from tests.metrics import answers

LINKS = Links("/sites/F1/", "?period=shift")
MANY = [answers.worker(f"W{n}", name=f"Worker {n}") for n in range(1, 121)]


def shown(part: Part = WHOLE, records: list[Any] = MANY) -> tuple[list[str], dict[str, Any]]:
    listed, about = part_of(records, "worker_id", LINKS, "workers", part)
    return [each["worker_id"] for each in listed], about


def given(**parameters: str) -> Part:
    return Part.of(parameters, {})


@pytest.mark.parametrize(
    "page, codes, count",
    [
        (1, ("W1", "W50"), "1–50 of 120"),
        (2, ("W51", "W100"), "51–100 of 120"),
        (3, ("W101", "W120"), "101–120 of 120"),
    ],
)
def test_fifty_are_shown_at_a_time(page: int, codes: tuple[str, str], count: str) -> None:
    listed, about = shown(Part(page=page))
    assert ((listed[0], listed[-1]), about["count"]) == (codes, count)


def test_a_page_leads_to_those_beside_it() -> None:
    about = shown(Part(page=2, kept={"measure": "units"}))[1]
    assert about["previous"] == "/sites/F1/workers/?period=shift&measure=units#list"
    assert about["next"] == "/sites/F1/workers/?period=shift&measure=units&page=3#list"


@pytest.mark.parametrize("page, beside", [(1, "previous"), (3, "next")])
def test_beyond_the_first_and_the_last_page_there_is_none(page: int, beside: str) -> None:
    assert shown(Part(page=page))[1][beside] == ""


@pytest.mark.parametrize(
    "page, first", [("99", "W101"), ("0", "W1"), ("-1", "W1"), ("two", "W1"), ("²", "W1")]
)
def test_a_page_that_is_none_is_the_nearest(page: str, first: str) -> None:
    assert shown(given(page=page))[0][0] == first


@pytest.mark.parametrize("find", ["W12", "w12", " w12 ", "worker 12", "W12 w"])
def test_code_and_name_are_looked_through_in_any_case(find: str) -> None:
    assert "W12" in shown(given(find=find))[0]
    assert "W13" not in shown(given(find=find))[0]


def test_of_what_is_found_there_are_pages_too() -> None:
    listed, about = shown(Part("worker", page=3))
    assert len(listed) == 20
    assert about["count"] == "101–120 of 120 found, 120 in all"
    assert about["previous"] == "/sites/F1/workers/?period=shift&find=worker&page=2#list"
    assert about["all"] == "/sites/F1/workers/?period=shift"


def test_where_nothing_is_found_that_is_told() -> None:
    listed, about = shown(Part("<b>"))
    assert listed == []
    assert about["none"] == "No code or name here has “<b>” in it."
    assert about["count"] == "0 found, 120 in all"


@pytest.mark.parametrize("number, few", [(0, "hidden"), (50, "hidden"), (51, "")])
def test_a_short_list_is_shown_without_more_ado(number: int, few: str) -> None:
    listed, about = shown(records=MANY[:number])
    assert (len(listed), about["few"]) == (min(number, 50), few)


def test_in_a_short_list_can_be_looked_by_address() -> None:
    listed, about = shown(Part("w2"), MANY[:3])
    assert (listed, about["few"]) == (["W2"], "")


@pytest.mark.parametrize(
    "kept, number",
    [({}, 50), ({"state": "idle"}, 30), ({"state": "attention"}, 1), ({"state": "bored"}, 50)],
)
def test_of_a_large_floor_those_are_listed_that_the_filter_leaves(
    kept: Mapping[str, str], number: int
) -> None:
    states = ["idle"] * 30 + ["working"] * 30
    stations = [answers.workstation(f"S{n}", state=state) for n, state in enumerate(states)]
    answer = answers.overview(workstations=stations, attention=[answers.attention("empty", "S7")])
    view = floor.present(answer, LINKS, Part(kept=kept))
    assert len(view["tiles"]) == number
    assert view["counts"]["all"] == "60"
