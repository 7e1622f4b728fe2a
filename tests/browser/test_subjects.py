"""Workers and workstations: against their own past, all together, and their targets."""

import csv
import io
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect
from time_machine import TimeMachineFixture

from tests.browser.visitor import figure, let_in, row
from tests.browser.workday import work
from tests.floor import DAY, NOW, Floor, after, count, event
from workers.models import Site


@pytest.fixture
def visitor(floor: Floor, page: Page, base_url: str) -> Page:
    """The manager's page, not opened yet."""
    work(floor)
    floor.site.refresh_from_db()
    floor.site.people_shown = Site.PeopleShown.NAMES
    floor.site.save()
    let_in(page.context, floor.manager, base_url)
    return page


def cell(page: Page, code: str, label: str) -> Locator:
    return row(page, "workers", code).locator(f'td[data-label="{label}"]')


# --- against the period before --------------------------------------------------------------------


def test_figures_are_told_against_the_same_part_of_the_shift_before(visitor: Page) -> None:
    visitor.goto("/sites/F1/")
    expect(visitor.locator('[data-text="compared"]')).to_have_text(
        "Compared with Tue 16 Jun 2026, 14:00–18:00, of which only 61 % was seen"
    )
    expect(figure(visitor, "units")).to_contain_text("4 more than yesterday")
    expect(figure(visitor, "utilization")).to_contain_text("the same as yesterday")


def test_where_nothing_was_seen_before_that_is_said(visitor: Page, floor: Floor) -> None:
    visitor.goto("/sites/F1/?start=2026-06-16T14:00:00Z&end=2026-06-16T18:00:00Z")
    expect(visitor.locator('[data-text="compared"]')).to_have_text(
        "Nothing to compare with: nothing was seen in the period before"
    )
    expect(figure(visitor, "units").locator(".figure-delta").first).to_be_empty()


def test_a_day_after_a_clock_change_is_compared_by_the_clock_on_the_wall(
    db: None, page: Page, base_url: str, still_clock: TimeMachineFixture
) -> None:
    floor = Floor(zone="Europe/Berlin")
    still_clock.move_to(datetime(2026, 10, 26, 9, tzinfo=UTC), tick=False)
    floor.put(event("2026-10-25T00:30:00Z"), event("2026-10-26T08:00:00Z"))
    let_in(page.context, floor.manager, base_url)
    page.goto("/sites/F1/?period=today")
    expect(page.locator(".head")).to_contain_text("Mon 26 Oct 2026, 00:00–10:00")
    expect(page.locator('[data-text="compared"]')).to_contain_text("Sun 25 Oct 2026, 00:00–10:00")
    page.get_by_role("link", name="Yesterday").click()
    page.get_by_text("The numbers of both charts").click()
    expect(page.locator('[data-list="buckets"] tr')).to_have_count(300)  # 25 hours


# --- workers --------------------------------------------------------------------------------------


def test_workers_stand_against_their_own_past_and_all_together(visitor: Page) -> None:
    visitor.goto("/sites/F1/workers/")
    expect(cell(visitor, "W2", "Utilization")).to_have_text("50.0 %")
    expect(cell(visitor, "W2", "Utilization, own past")).to_have_text("±0")
    expect(cell(visitor, "W2", "Utilization, all")).to_have_text("−25.3")
    expect(cell(visitor, "W1", "Units/h")).to_have_text("7.5")
    expect(cell(visitor, "W1", "Units/h, own past")).to_have_text("+1.0")
    expect(visitor.locator("tfoot")).to_contain_text("75.3 %")


def test_the_reader_sorts_workers_and_nobody_is_ranked_before(visitor: Page) -> None:
    with visitor.expect_response("**/metrics/overview/**"):
        visitor.goto("/sites/F1/workers/")
    codes = visitor.locator('[data-list="workers"] .code')
    expect(codes).to_have_text(["W1", "W2", "W3", "W4", "W5"])
    visitor.get_by_role("button", name="Utilization", exact=True).click()
    expect(codes).to_have_text(["W2", "W3", "W1", "W4", "W5"])  # what is not known comes last
    visitor.locator('th[data-sort="rate_change"] button').click()
    expect(codes.last).to_have_text("W5")
    heading = visitor.locator('th[data-sort="rate_change"]')
    expect(heading).to_have_attribute("aria-sort", "ascending")


def test_a_row_tells_what_it_rests_on(visitor: Page) -> None:
    visitor.goto("/sites/F1/workers/")
    cell(visitor, "W2", "Utilization").hover()
    hint = visitor.locator("#hint")
    expect(hint).to_contain_text("between 50.0 % and 50.0 %, whatever was not seen")
    expect(hint).to_contain_text("seen 100.0 % of the scheduled time")
    expect(hint).to_contain_text("3 events, newest event 2 h 00 min ago")


def test_a_worker_s_page_tells_how_the_time_went_and_where(visitor: Page) -> None:
    visitor.goto("/sites/F1/workers/W3/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("W3 Worker 3")
    expect(visitor.locator(".subject-now")).to_contain_text("absent at S3 since 17:00 1 h 00 min")
    expect(figure(visitor, "utilization")).to_contain_text("75.0 %")
    expect(figure(visitor, "utilization")).to_contain_text("0.3 points below all workers together")
    expect(visitor.locator(".shares-list")).to_contain_text("3 h 00 min")
    expect(row(visitor, "places", "S3")).to_contain_text("1 h 00 min")
    expect(visitor.locator('[data-list="places"] tr')).to_have_count(1)


def test_a_worker_of_whom_nothing_was_seen_has_dashes_and_the_reason(visitor: Page) -> None:
    visitor.goto("/sites/F1/workers/W5/")
    expect(figure(visitor, "utilization").locator('[data-text="value"]')).to_have_text("–")
    expect(figure(visitor, "utilization")).to_contain_text("no worker was seen")
    expect(visitor.get_by_text("Nothing was seen in this period.")).to_be_visible()
    visitor.get_by_role("button", name="About Utilization").focus()
    expect(visitor.get_by_role("tooltip").first).to_contain_text(
        "What to do: 1 worker has no shift named and is counted in all shifts."
    )


# --- workstations ---------------------------------------------------------------------------------


def test_bottlenecks_are_ranked_with_their_evidence(visitor: Page, floor: Floor) -> None:
    floor.put(count(after(NOW, hours=-2), 3, worker="W3", station="S3"))
    visitor.goto("/sites/F1/workstations/")
    ranking = visitor.locator('[data-list="bottlenecks"] > li')
    expect(ranking).to_have_count(2)
    expect(ranking.nth(0)).to_contain_text("S3 Station 3 7.5 % of target")
    expect(ranking.nth(0)).to_contain_text(
        "37 units missing, mostly because work took longer than the target allows"
    )
    expect(ranking.nth(0)).to_contain_text("nobody seen there25.0 points")
    expect(ranking.nth(1)).to_contain_text("S1")
    expect(row(visitor, "workstations", "S1")).to_contain_text("+4")


def test_a_workstation_s_page_tells_where_its_target_went_and_who_was_there(
    visitor: Page,
) -> None:
    visitor.goto("/sites/F1/workstations/S1/")
    expect(figure(visitor, "units")).to_contain_text("75.0 % of 40 planned until 18:00")
    expect(figure(visitor, "availability")).to_contain_text("100.0 %")
    expect(visitor.locator("[data-list=behind]")).to_contain_text("10 units missing")
    expect(row(visitor, "people", "W1")).to_contain_text("4 h 00 min")


def test_a_workstation_without_a_target_is_told_so(visitor: Page, floor: Floor) -> None:
    floor.stations["S1"].targets.all().delete()
    floor.site.save()
    visitor.goto("/sites/F1/workstations/S1/")
    expect(figure(visitor, "units")).to_contain_text("no target is set")
    expect(visitor.get_by_text("Told of a workstation that makes something")).to_be_visible()


# --- sites, and what one takes along --------------------------------------------------------------


def test_sites_stand_beside_each_other_each_in_its_own_time(visitor: Page, floor: Floor) -> None:
    other = Floor("A2", zone="Asia/Tokyo")
    other.put(event(after(NOW, minutes=-20), kind="idle"))
    visitor.goto("/sites/F1/compare/?period=today")
    expect(row(visitor, "sites", "F1")).to_contain_text("4 workstations need attention")
    expect(row(visitor, "sites", "F1")).to_contain_text("Late shift until 22:00")
    expect(row(visitor, "sites", "F1")).to_contain_text("18:00 in UTC")
    expect(row(visitor, "sites", "A2")).to_contain_text("03:00 in Asia/Tokyo")
    row(visitor, "sites", "A2").get_by_role("link", name="Floor A2").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Floor A2")
    expect(visitor).to_have_url(f"{visitor.url.split('/sites')[0]}/sites/A2/?period=today")


@pytest.mark.parametrize(
    "path, table, heading",
    [
        ("", "over-time", "start"),
        ("", "workers", "worker_id"),
        ("floor/", "workstations", "workstation_id"),
        ("workers/", "workers", "worker_id"),
        ("workers/W1/", "worker-workstations", "workstation_id"),
        ("workstations/", "workstations", "workstation_id"),
        ("workstations/S1/", "workstation-workers", "worker_id"),
        ("compare/", "sites", "site"),
    ],
)
def test_tables_can_be_taken_along(visitor: Page, path: str, table: str, heading: str) -> None:
    visitor.goto(f"/sites/F1/{path}?period=today")
    if table == "over-time":
        visitor.get_by_text("The numbers of both charts").click()
    for kind in ("CSV", "XLSX"):
        with visitor.expect_download() as download:
            visitor.locator(f'a[download="F1-{table}.{kind.lower()}"]').click()
        body = download.value.path().read_bytes()
        if kind == "CSV":
            assert next(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[0] == heading
        else:
            assert body.startswith(b"PK")


def test_a_range_of_the_past_says_nothing_of_now(visitor: Page) -> None:
    day = f"{DAY:%Y-%m-%d}"
    for path in ("workers/", "workstations/", "workers/W1/", "compare/"):
        visitor.goto(f"/sites/F1/{path}?start={day}T00:00:00Z&end={day}T20:00:00Z")
        expect(visitor.locator("#page")).not_to_contain_text(" ago")
        expect(visitor.locator("#page")).not_to_contain_text("as of")
