"""What scripts make of an answer reads as what the server made of it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from metrics.presentation import present, present_series
from tests.browser.visitor import let_in
from tests.floor import NOW, Floor, after, event
from tests.metrics import answers

Json = dict[str, Any]

PRESENT = """async (given) => {
    const { present, presentSeries } = await import("/static/js/presentation.js");
    return [given.overviews.map((each) => present(each)), presentSeries(given.series)];
}"""
CLOCKS_BACK = {"start": "2026-10-24T22:00:00Z", "end": "2026-10-25T23:00:00Z"}
OVERVIEWS = {
    "nothing": answers.overview(),
    "ties": answers.overview(
        factory=answers.factory(
            units=12_345,
            units_with_target=12_000,
            target_units=13_000.5,
            target_attainment_pct=92.25,
            units_unscheduled=1,
            coverage_pct=62.5,
            utilization_pct=62.25,
            utilization_low_pct=12.125,
            utilization_high_pct=87.375,
            utilization_event_pct=0.05,
            unknown_ms=59_999,
            scheduled_ms=90_061_000,
            workers_present=7,
            workers_scheduled=0,
            newest_event_at="2026-06-16T08:29:00.250Z",
            events=1_001,
        )
    ),
    "rows": answers.overview(
        workers=[
            answers.worker("W1", name="Ada", units_per_hour=1_234.25, coverage_pct=79.95),
            answers.worker("W 2/ß", coverage_pct=10.0, shift_names=[], state="unknown"),
            answers.worker("W3", since=None, workstation_id=None, coverage_pct=0.0),
            answers.worker("W4", since="2026-05-01T00:00:00.500Z", state="absent"),
        ],
        workstations=[
            answers.workstation("S'1*", name="Saw", target_units=0.5, target_attainment_pct=0.0),
            answers.workstation("S2", state="absent", worker_ids=[], occupancy_pct=33.35),
            answers.workstation("S3", worker_ids=["W1", "W3"], target_units=0.0),
            answers.workstation("S4", less_sure_since="2026-06-15T12:15:00Z"),
        ],
        bottleneck=answers.bottleneck("S3"),
        attention=[
            answers.attention("under_target", "S'1*", target_attainment_pct=0.5),
            answers.attention("under_target", "S2", target_attainment_pct=61.5),
            answers.attention("not_seen", since="2026-06-15T22:00:00Z"),
            answers.attention("empty", "S(4)"),
            *(answers.attention("not_seen", f"T{n}") for n in range(5)),
        ],
        recalculating=True,
        shift_names=["Early", "Office"],
    ),
    "over": answers.overview(
        **CLOCKS_BACK,
        as_of=CLOCKS_BACK["end"],
        reaches_now=False,
        period="yesterday",
        shift_names=[],
        factory=answers.factory(newest_event_at="2026-10-25T00:30:00Z"),
        workers=[answers.worker()],
        attention=[answers.attention("not_seen"), answers.attention("under_target", "S2")],
    ),
    "night": answers.overview(start="2026-06-15T20:00:00Z", period="live"),
    "range": answers.overview(time_zone="America/St_Johns", period=None, people_shown="names"),
    "far": answers.overview(time_zone="Pacific/Kiritimati", period="30d"),
    **{
        f"{state} until {until}": answers.overview(
            schedule={"state": state, "until": until, "shift_names": ["Early"]}
        )
        for state in ("shift", "break", "closed", "always")
        for until in (None, "2026-06-16T12:00:00Z", "2026-06-21T04:00:00Z")
    },
}
SERIES: Json = {
    "as_of": "2026-10-25T01:30:00Z",
    "time_zone": "Europe/Berlin",
    "results": [
        {**answers.KPIS, "start": start, "end": start, "utilization_pct": share, "units": 1_500}
        for start, share in (
            ("2026-10-24T21:55:00Z", None),
            ("2026-10-25T00:30:00Z", 12.345),
            ("2026-10-25T01:30:00Z", 99.95),
        )
    ],
}


@pytest.fixture
def said(floor: Floor, page: Page, base_url: str) -> tuple[list[Json], list[Json]]:
    """What the page's scripts make of the answers above."""
    floor.put(event(after(NOW, hours=-1)))
    let_in(page.context, floor.manager, base_url)
    page.goto("/")
    given = {"overviews": list(OVERVIEWS.values()), "series": SERIES}
    overviews, rows = page.evaluate(PRESENT, given)
    return overviews, rows


def test_scripts_say_what_the_server_says(said: tuple[list[Json], list[Json]]) -> None:
    overviews, rows = said
    assert dict(zip(OVERVIEWS, overviews, strict=True)) == {
        name: present(answer) for name, answer in OVERVIEWS.items()
    }
    assert rows == present_series(
        SERIES["results"], as_of=SERIES["as_of"], time_zone=SERIES["time_zone"]
    )
