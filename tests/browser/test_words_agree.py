"""What scripts make of an answer reads as what the server made of it."""

from dataclasses import asdict
from typing import Any

import pytest
from django.http import QueryDict
from playwright.sync_api import Page

from metrics.shown import floor as live_floor
from metrics.shown import (
    hours,
    kiosk,
    overview,
    sites,
    strips,
    worker,
    workers,
    workstation,
    workstations,
)
from metrics.shown.links import Links
from metrics.shown.overview import present_series
from metrics.shown.part import Part
from tests.browser.visitor import let_in
from tests.floor import NOW, Floor, after, event
from tests.metrics import answers

Json = dict[str, Any]

KEPT = ("measure", "zoom", "stay")
LINKS = {"base": "/sites/F%252F1/", "query": "?period=shift"}
PRESENTERS = {
    "floor": live_floor,
    "kiosk": kiosk,
    "overview": overview,
    "worker": worker,
    "workers": workers,
    "workstation": workstation,
    "workstations": workstations,
}
PRESENT = """async ({ page, links, answers }) => {
    const { present } = await import(`/static/js/shown/${page}.js`);
    const { Links } = await import("/static/js/shown/links.js");
    return answers.map((each) => present(each, new Links(links)));
}"""
PRESENT_SERIES = """async (series) => {
    const { presentSeries } = await import("/static/js/shown/rows.js");
    return presentSeries(series);
}"""
PRESENT_STRIPS = """async ({ links, answers }) => {
    const { present } = await import("/static/js/shown/strips.js");
    const { Links } = await import("/static/js/shown/links.js");
    const own = new Links(links);
    return answers.map(({ answer, ...shown }) => present(answer, own, 0, shown));
}"""
PRESENT_HOURS = """async ({ links, answers, measure, part }) => {
    const { present } = await import("/static/js/shown/hours.js");
    const { Links } = await import("/static/js/shown/links.js");
    return answers.map((answer) => present(answer, new Links(links), 0, measure, part));
}"""
CLOCKS_BACK = {"start": "2026-10-24T22:00:00Z", "end": "2026-10-25T23:00:00Z"}
LATE = {"target_units": 13.5, "target_attainment_pct": 61.5}
FASTER = {"reason": "waiting", "lost_empty_pct": 50.0, "lost_pace_pct": -20.05}
EVEN = {"lost_empty_pct": 0.0, "lost_pace_pct": -0.04}
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
            answers.worker("W5", anonymous=True, coverage_pct=10.0),
        ],
        workstations=[
            answers.workstation("S'1*", name="Saw", target_units=0.5, target_attainment_pct=0.0),
            answers.workstation("S2", state="absent", worker_ids=[], occupancy_pct=33.35, **LATE),
            answers.workstation("S3", worker_ids=["W1", "W3"], target_units=0.0),
            answers.workstation("S4", less_sure_since="2026-06-15T12:15:00Z"),
        ],
        bottleneck=answers.bottleneck("S3"),
        bottlenecks=[
            answers.bottleneck("S3"),
            answers.bottleneck("S2", units_missing=1.4, **FASTER),
            answers.bottleneck("S'1*", reason="empty", target_attainment_pct=0.0, **EVEN),
        ],
        pooled=answers.factory(utilization_pct=70.0, units_per_hour=1_200.0),
        before=answers.before(
            workers=[
                answers.worker_before("W1", units_per_hour=1_233.0, coverage_pct=100.0),
                answers.worker_before("W 2/ß", utilization_pct=50.0, coverage_pct=79.0),
            ],
            workstations=[answers.workstation_before("S2", units=1_000)],
        ),
        attention=[
            answers.attention("under_target", "S'1*", target_attainment_pct=0.5),
            answers.attention("under_target", "S2", target_attainment_pct=61.5),
            answers.attention("not_seen", since="2026-06-15T22:00:00Z"),
            answers.attention("empty", "S(4)"),
            *(answers.attention("not_seen", f"T{n}") for n in range(5)),
        ],
        recalculating=True,
        least_confidence=0.625,
        shift_names=["Early", "Office"],
    ),
    "a hall": answers.overview(
        workstations=[answers.workstation(f"S{n}", state="idle") for n in range(41)],
        attention=[answers.attention("empty", "S7")],
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
    "nothing before": answers.overview(before=None),
    "little seen before": answers.overview(
        before=answers.before(factory=answers.factory(coverage_pct=62.5, utilization_pct=50.0)),
        factory=answers.factory(
            utilization_pct=50.04, units=1, units_per_hour=3.25, coverage_pct=70.0, target_units=9.0
        ),
        workers=[answers.worker(working_ms=3_600_000, idle_ms=59_999, units=3)],
        workstations=[answers.workstation(absent_ms=5, units=0)],
    ),
    "a month": answers.overview(
        start="2026-05-17T22:00:00Z",
        period="30d",
        before=answers.before(start="2026-04-17T22:00:00Z", factory=answers.factory(units=7)),
    ),
    "after a weekend": answers.overview(before=answers.before(start="2026-06-12T04:00:00Z")),
    "clocks back, compared": answers.overview(
        start="2026-10-24T22:00:00Z",
        end="2026-10-25T23:00:00Z",
        as_of="2026-10-25T22:59:00Z",
        before=answers.before(start="2026-10-23T22:00:00Z", end="2026-10-24T22:00:00Z"),
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
OVER = {"reaches_now": False, "target_units": 10.0, "coverage_pct": 0.0, "attention": 0}
CALM = {"attention": 0, "schedule_state": "always", "coverage_pct": 99.0, "name": "F1"}
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
def reader(floor: Floor, page: Page, base_url: str) -> Page:
    """A page on which scripts can say something."""
    floor.put(event(after(NOW, hours=-1)))
    let_in(page.context, floor.manager, base_url)
    page.goto("/")
    return page


@pytest.mark.parametrize("name", PRESENTERS)
def test_scripts_say_what_the_server_says(reader: Page, name: str) -> None:
    given = {"page": name, "links": LINKS, "answers": list(OVERVIEWS.values())}
    said = reader.evaluate(PRESENT, given)
    assert dict(zip(OVERVIEWS, said, strict=True)) == {
        which: PRESENTERS[name].present(answer, Links(**LINKS))
        for which, answer in OVERVIEWS.items()
    }


MANY = answers.overview(
    workers=[answers.worker(f"W{n}", name="Zoë Ödegård") for n in range(120)],
    workstations=[
        answers.workstation(f"S{n}", state=("idle", "working")[n % 2]) for n in range(120)
    ],
    attention=[answers.attention("empty", "S7"), answers.attention("not_seen", "S70")],
)
PARTS = [
    Part(),
    Part(page=2),
    Part(page=99, kept={"state": "idle", "zoom": "a/b c"}),
    Part("1", page=2, kept={"state": "bored"}),
    Part("ödeg", kept={"state": "attention", "stay": "1"}),
    Part("S1", kept={"state": "attention"}),
    Part("<zz&", page=3),
]
LISTED = {"floor": live_floor, "workers": workers, "workstations": workstations}
PRESENT_PARTS = """async ({ page, links, answer, parts }) => {
    const { present } = await import(`/static/js/shown/${page}.js`);
    const { Links } = await import("/static/js/shown/links.js");
    return parts.map((part) => present(answer, new Links(links), 0, part));
}"""


@pytest.mark.parametrize("name", LISTED)
def test_scripts_show_the_part_of_a_list_that_the_server_shows(reader: Page, name: str) -> None:
    parts = [asdict(part) for part in PARTS]
    given = {"page": name, "links": LINKS, "answer": MANY, "parts": parts}
    links = Links(**LINKS)
    assert reader.evaluate(PRESENT_PARTS, given) == [
        LISTED[name].present(MANY, links, part) for part in PARTS
    ]


IN_ADDRESS = ["?find=%20W%201+&page=2", "?page=0x2", "?page=-1&measure=units&zoom=a/b&stay=1", "?"]
PARTS_IN = """async (addresses) => {
    const { partIn } = await import("/static/js/shown/part.js");
    return addresses.map((each) => partIn(`http://site/${each}`));
}"""


def test_scripts_read_an_address_as_the_server_does(reader: Page) -> None:
    given = [QueryDict(address[1:]).dict() for address in IN_ADDRESS]
    kept = [{name: each[name] for name in each if name in KEPT} for each in given]
    told = [asdict(Part.of(*pair)) for pair in zip(given, kept, strict=True)]
    assert reader.evaluate(PARTS_IN, IN_ADDRESS) == told


def test_scripts_say_of_sites_what_the_server_says(reader: Page) -> None:
    answer = {"results": [answers.site(), answers.site("F/2", **OVER), answers.site(**CALM)]}
    said = reader.evaluate(PRESENT, {"page": "sites", "links": LINKS, "answers": [answer]})
    assert said == [sites.present(answer, Links(**LINKS))]


def test_scripts_write_tables_of_charts_as_the_server_does(reader: Page) -> None:
    assert reader.evaluate(PRESENT_SERIES, SERIES) == present_series(
        SERIES["results"], as_of=SERIES["as_of"], time_zone=SERIES["time_zone"]
    )


HOUR = 3_600_000
SPANS = [
    [0, 1_500, 0, 0],
    [1_500, HOUR, 1, 0],
    [HOUR, HOUR + 299_999, 2, 1],
    [2 * HOUR, 3 * HOUR, 3, -1],
    [3 * HOUR, 4 * HOUR, 4, -1],
]
COUNTS = [[0, 1, 0], [300_000, 12_345, 1], [HOUR, 7, 0], [16_200_000, 3, 0]]
LONG = [[n * 60_000, (n + 1) * 60_000, n % 3, n % 2] for n in range(350)]
STRIPS = [
    {"answer": answer, "zoom": zoom, "room": room}
    for answer, zoom, room in (
        (answers.strips(), None, 8),
        (
            answers.strips(
                results=[
                    answers.strip("W 1/ß", name="Ada", spans=SPANS, counts=COUNTS),
                    answers.strip("W2", spans=LONG, counts=[[0, 2, 0]]),
                ]
            ),
            [600_000, 2 * HOUR],
            3,
        ),
        (
            answers.strips(
                start="2026-10-24T22:00:00Z", axis_end="2026-10-25T23:00:00Z", reaches_now=False
            ),
            None,
            12,
        ),
        (
            answers.strips(
                start="2026-10-03T12:00:00Z",
                axis_end="2026-10-04T12:00:00Z",
                time_zone="Australia/Lord_Howe",
                shifts=[],
            ),
            [HOUR, 20 * HOUR],
            100,
        ),
        (answers.strips(start="2026-03-28T23:00:00Z", axis_end="2026-03-29T22:00:00Z"), None, 25),
    )
]
HOURS = [
    answers.hours(),
    answers.hours(hours=[], results=[]),
    answers.hours(
        hours=[answers.clock(), answers.clock("09:00", start=None, end=None)],
        results=[
            answers.hour("S/1", working_ms=HOUR, utilization_pct=19.5, **LATE, units=1),
            answers.hour("S/1", start=None, end=None, units_per_scheduled_hour=9.95, units=12_345),
            answers.hour("S2", scheduled_ms=0),
            answers.hour("S2", name="S2", idle_ms=2_879_999, utilization_pct=0.0),
        ],
    ),
]


@pytest.mark.parametrize("part", [Part(), Part("w2", kept={"zoom": "a"})])
def test_scripts_say_of_strips_what_the_server_says(reader: Page, part: Part) -> None:
    given = [{**each, "part": asdict(part)} for each in STRIPS]
    said = reader.evaluate(PRESENT_STRIPS, {"links": LINKS, "answers": given})
    links = Links(**LINKS)
    for each, view in zip(STRIPS, said, strict=True):
        assert view == strips.present(each["answer"], links, each["zoom"], each["room"], part)


@pytest.mark.parametrize("part", [Part(), Part("s2")])
@pytest.mark.parametrize("measure", hours.MEASURES)
def test_scripts_say_of_hours_what_the_server_says(reader: Page, measure: str, part: Part) -> None:
    given = {"links": LINKS, "answers": HOURS, "measure": measure, "part": asdict(part)}
    said = reader.evaluate(PRESENT_HOURS, given)
    assert said == [hours.present(each, Links(**LINKS), measure, part) for each in HOURS]
