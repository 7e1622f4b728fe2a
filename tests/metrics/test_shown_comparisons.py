"""Differences have their own sign and words, and name what they are held against."""

from typing import Any

import pytest

from metrics.shown.against import number, points, short, units
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.scene import Scene
from tests.metrics import answers

Json = dict[str, Any]
LINKS = Links("/sites/F1/", "?period=shift")


def scene(**more: Any) -> Scene:
    return Scene.of(answers.overview(**more), LINKS)


@pytest.mark.parametrize(
    "value, other, delta, trend",
    [
        (74.1, 71.0, "3.1 points above yesterday", "up"),
        (71.0, 74.1, "3.1 points below yesterday", "down"),
        (71.04, 71.0, "the same as yesterday", "same"),
        (0.0, 0.0, "the same as yesterday", "same"),
        (None, 71.0, "", ""),
        (71.0, None, "", ""),
    ],
)
def test_a_percentage_differs_in_points(
    value: float | None, other: float | None, delta: str, trend: str
) -> None:
    assert points(value, other, "yesterday") == {"delta": delta, "trend": trend}


@pytest.mark.parametrize(
    "value, other, digits, delta",
    [
        (1_258, 0, 0, "1,258 more than Fri 20 Nov"),
        (7, 9, 0, "2 fewer than Fri 20 Nov"),
        (33.4, 30.15, 1, "3.2 more than Fri 20 Nov"),
        (1_000, 1_000, 0, "the same as Fri 20 Nov"),
    ],
)
def test_an_amount_differs_by_more_or_fewer(
    value: float, other: float, digits: int, delta: str
) -> None:
    assert number(value, other, "Fri 20 Nov", digits=digits)["delta"] == delta


def test_without_a_period_before_nothing_is_compared() -> None:
    assert number(5, 3, "") == {"delta": "", "trend": ""}


@pytest.mark.parametrize(
    "value, other, text",
    [(2.0, 1.0, "+1.0"), (1.0, 2.0, "−1.0"), (1.0, 1.04, "±0"), (None, 1.0, ""), (1.0, None, "")],
)
def test_a_table_s_cell_has_the_sign_alone(
    value: float | None, other: float | None, text: str
) -> None:
    assert short(value, other) == text


@pytest.mark.parametrize(
    "scheduled, then, delta",
    [
        (10_000, 8_000, "2 more than yesterday"),
        (8_000, 10_000, "2 more than yesterday"),
        (10_000, 7_999, "not comparable: yesterday had less time scheduled"),
        (7_999, 10_000, "not comparable: yesterday had more time scheduled"),
        (None, 10_000, "2 more than yesterday"),
    ],
)
def test_units_of_times_that_are_not_alike_are_not_compared(
    scheduled: int | None, then: int, delta: str
) -> None:
    record = {"units": 5, "scheduled_ms": scheduled}
    assert units(record, {"units": 3, "scheduled_ms": then}, "yesterday")["delta"] == delta


# --- what it is called ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "window, start, name",
    [
        ({}, "2026-06-15T04:00:00Z", "yesterday"),
        ({}, "2026-06-12T04:00:00Z", "Fri 12 Jun"),
        ({"reaches_now": False}, "2026-06-15T04:00:00Z", "Mon 15 Jun"),
        ({"start": "2026-06-09T22:00:00Z"}, "2026-06-02T22:00:00Z", "the 7 days before"),
        ({"start": "2026-05-17T22:00:00Z"}, "2026-04-17T22:00:00Z", "the 30 days before"),
    ],
    ids=["running, the day before", "running, after a weekend", "over", "week", "month"],
)
def test_the_period_before_has_a_name(window: Json, start: str, name: str) -> None:
    assert scene(before=answers.before(start=start), **window).then == name


def test_a_day_of_25_hours_before_is_a_day() -> None:
    clocks_back = {"start": "2026-10-24T22:00:00Z", "end": "2026-10-25T23:00:00Z"}
    before = answers.before(start="2026-10-23T22:00:00Z")
    assert (
        scene(before=before, as_of="2026-10-25T23:00:00Z", reaches_now=False, **clocks_back).then
        == "Sat 24 Oct"
    )


@pytest.mark.parametrize(
    "before, text",
    [
        (
            answers.before(factory=answers.factory(coverage_pct=80.0)),
            "Compared with Mon 15 Jun 2026, 06:00–10:30",
        ),
        (
            answers.before(factory=answers.factory(coverage_pct=62.4)),
            "Compared with Mon 15 Jun 2026, 06:00–10:30, of which only 62 % was seen",
        ),
        (
            answers.before(factory=answers.factory(coverage_pct=None)),
            "Compared with Mon 15 Jun 2026, 06:00–10:30",
        ),
        (None, "Nothing to compare with: nothing was seen in the period before"),
    ],
)
def test_what_is_compared_is_said_above(before: Json | None, text: str) -> None:
    assert head(scene(before=before))["compared"].replace("\u00a0", " ") == text


def test_a_page_that_compares_nothing_says_nothing_of_it() -> None:
    assert head(scene())["compared"] == ""
