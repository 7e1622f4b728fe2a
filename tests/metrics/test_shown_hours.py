"""Hour × workstation as people read it: a number, a colour, and what is told of it."""

from typing import Any

import pytest

from metrics.shown.hours import present
from metrics.shown.links import Links
from tests.floor import HOUR
from tests.metrics import answers

LINKS = Links("/sites/F1/", "?period=shift")
Json = dict[str, Any]


def cell(measure: str = "utilization", **record: Any) -> Json:
    answer = answers.hours(results=[answers.hour(**record)])
    return present(answer, LINKS, measure)["rows"][0]["cells"][0]


@pytest.mark.parametrize(
    "value, text, level",
    [(0.0, "0", "0"), (19.4, "19", "0"), (19.6, "20", "1"), (79.9, "80", "4"), (100.0, "100", "5")],
)
def test_a_number_and_its_colour_are_one(value: float, text: str, level: str) -> None:
    found = cell(working_ms=HOUR, utilization_pct=value)
    assert (found["text"], found["level"]) == (text, level)


def test_more_than_the_target_is_as_dark_as_it_gets() -> None:
    assert cell("target", working_ms=HOUR, target_attainment_pct=140.0)["level"] == "5"


def test_units_are_coloured_by_the_workstation_s_own_best_hour() -> None:
    rates = [{"units_per_scheduled_hour": rate, "units": 1} for rate in (4.5, 9.0, 12.0)]
    hours = [answers.clock(f"{8 + n:02}:00") for n in range(3)]
    results = [answers.hour(**rate) | hour for rate, hour in zip(rates, hours, strict=True)]
    (row,) = present(answers.hours(hours=hours, results=results), LINKS, "units")["rows"]
    assert [(each["text"], each["level"]) for each in row["cells"]] == [
        ("4.5", "1"),
        ("9.0", "3"),
        ("12", "5"),
    ]


def test_an_hour_in_which_nothing_was_seen_says_so_and_has_no_number() -> None:
    found = cell()
    assert (found["kind"], found["text"], found["said"]) == ("unseen", "", "not seen")
    assert "\nnot seen\n" in found["told"]


def test_an_hour_that_is_not_scheduled_is_blank() -> None:
    found = cell(scheduled_ms=0)
    assert found == {**found, "kind": "off", "text": "", "to": "", "told": ""}


@pytest.mark.parametrize("minutes, marked", [(47, "true"), (48, "")])
def test_an_hour_of_which_little_was_seen_is_marked(minutes: int, marked: str) -> None:
    assert cell(working_ms=minutes * 60_000, utilization_pct=100.0)["partial"] == marked


def test_a_cell_leads_to_the_workstation_in_that_hour() -> None:
    assert cell(working_ms=HOUR)["to"] == (
        "/sites/F1/workstations/S1/?start=2026-06-16T06%3A00%3A00Z&end=2026-06-16T07%3A00%3A00Z"
    )


def test_a_cell_of_many_days_leads_to_the_period() -> None:
    found = cell(working_ms=HOUR, start=None, end=None)
    assert found["to"] == "/sites/F1/workstations/S1/?period=shift"
    assert found["told"].startswith("S1 Saw · 08:00, all days together")


def test_a_cell_tells_what_it_rests_on() -> None:
    found = cell(
        working_ms=HOUR // 2,
        idle_ms=HOUR // 4,
        units=9,
        utilization_pct=66.666,
        units_per_scheduled_hour=9.0,
        target_units=10.0,
        target_attainment_pct=90.0,
    )
    assert found["told"].replace("\u00a0", " ").split("\n") == [
        "S1 Saw · 08:00–09:00",
        "utilization 66.7 %",
        "9 units, 9.0 per scheduled hour, 90.0 % of target",
        "people’s time seen there 45 min, of 1 h 00 min scheduled",
    ]
