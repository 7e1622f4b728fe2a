"""The live floor's tiles: worst first, each with what can be known of its workstation."""

from typing import Any

import pytest

from metrics.shown.floor import present
from metrics.shown.links import Links
from tests.metrics import answers

Json = dict[str, Any]
LINKS = Links("/sites/F1/", "?period=shift")
TARGET = {"target_units": 100.0}


def floor(*stations: Json, **more: Any) -> Json:
    return present(answers.overview(workstations=list(stations), **more), LINKS)


def tile(**more: Any) -> Json:
    shown: Json = floor(answers.workstation("S1", **more))["tiles"][0]
    return {name: text.replace("\u00a0", " ") for name, text in shown.items()}


def test_tiles_stand_worst_first_and_else_in_their_order() -> None:
    shown = floor(
        answers.workstation("S1"),
        answers.workstation("S2", target_attainment_pct=80.0, **TARGET),
        answers.workstation("S3", less_sure_since="2026-06-16T07:00:00Z"),
        answers.workstation("S4", target_attainment_pct=50.0, **TARGET),
        answers.workstation("S5", state="absent"),
        answers.workstation("S6", state="unknown", target_attainment_pct=10.0, **TARGET),
        answers.workstation("S7", state="idle"),
        attention=[
            answers.attention("not_seen", "S6"),
            answers.attention("empty", "S5"),
            answers.attention("under_target", "S2"),
            answers.attention("under_target", "S4"),
            answers.attention("under_target", "S6"),
        ],
    )
    assert [(each["key"], each["kind"]) for each in shown["tiles"]] == [
        ("S6", "not_seen"),
        ("S5", "empty"),
        ("S4", "under_target"),
        ("S2", "under_target"),
        ("S3", "less_sure"),
        ("S1", ""),
        ("S7", ""),
    ]
    assert shown["counts"] == {
        "all": "7",
        "attention": "5",
        "working": "4",
        "idle": "1",
        "absent": "1",
        "unknown": "1",
    }


def test_a_tile_has_units_against_target() -> None:
    found = tile(units=1_300, target_attainment_pct=65.04, target_units=2_000.0)
    told = [found[name] for name in ("units", "of", "attainment", "fill")]
    assert told == ["1,300", "of 2,000", "65.0 %", "65.0"]


def test_a_tile_without_a_target_says_so() -> None:
    found = tile(units=3)
    assert (found["of"], found["attainment"], found["fill"]) == ("no target is set", "", "0.0")


@pytest.mark.parametrize(
    "since, text",
    [("2026-06-16T08:00:00Z", "since 10:00, 30 min"), (None, "no event yet")],
)
def test_a_tile_says_since_when(since: str | None, text: str) -> None:
    assert tile(since=since)["since"] == text


def test_a_period_that_is_over_says_no_age() -> None:
    shown = floor(answers.workstation(), reaches_now=False)
    assert shown["tiles"][0]["since"] == "since 10:00"
    assert shown["summary"] == "0 units"


def test_a_tile_tells_why_it_is_behind_unless_recognition_is_less_sure() -> None:
    behind = {
        "attention": [answers.attention("under_target", "S1")],
        "bottlenecks": [answers.bottleneck("S1", reason="waiting")],
    }
    station = answers.workstation("S1", target_attainment_pct=40.0, **TARGET)
    assert floor(station, **behind)["tiles"][0]["note"] == "behind: there, not working"
    station["less_sure_since"] = "2026-06-16T07:15:00Z"
    shown = floor(station, **behind)
    assert shown["tiles"][0]["note"] == "recognition less sure"
    assert "recognition less sure since 09:15" in shown["tiles"][0]["hint"]


@pytest.mark.parametrize(
    "factory, text",
    [
        ({"units": 1}, "7 of 9 present · 1 unit"),
        (
            {"units": 12, "target_units": 24.0, "target_attainment_pct": 50.0},
            "7 of 9 present · 12 units, 50.0 % of target",
        ),
        ({"workers_scheduled": 0}, "7 present · 0 units"),
        ({"workers_present": 0, "workers_scheduled": 0, "units": 3}, "3 units"),
    ],
)
def test_one_line_sums_the_floor_up(factory: Json, text: str) -> None:
    numbers = {"workers_present": 7, "workers_scheduled": 9} | factory
    shown = floor(factory=answers.factory(**numbers))
    assert shown["summary"].replace("\u00a0", " ") == text
