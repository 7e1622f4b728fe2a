"""Pages of a site with many workers and workstations: a part at a time, by address alone."""

import re

import pytest
from django.test import Client

from tests.floor import NOW, Floor, after, event
from workers.models import Worker, Workstation

PAGES = ["workers/", "workstations/", "timeline/", "hours/", "floor/"]
ROWS = re.compile(r'id="(?:worker|workstation)-([^"]+)"')


@pytest.fixture
def large(floor: Floor) -> Floor:
    """With W1–W120 and S1–S120, of whom each was seen an hour ago."""
    numbers = range(6, 121)
    Worker.objects.bulk_create(
        Worker(site=floor.site, code=f"W{n}", name=f"Worker {n}") for n in numbers
    )
    Workstation.objects.bulk_create(
        Workstation(site=floor.site, code=f"S{n}", name=f"Station {n}") for n in numbers
    )
    floor.site.save()  # what was made at once has raised no revision
    floor.put(*(event(after(NOW, hours=-1), f"W{n}", f"S{n}") for n in range(1, 121)))
    return floor


@pytest.fixture
def manager(large: Floor) -> Client:
    client = Client()
    client.force_login(large.manager)
    return client


def rows(client: Client, path: str, query: str = "") -> list[str]:
    page = client.get(f"/sites/F1/{path}?period=today{query}")
    assert page.status_code == 200
    return [code[1:] for code in ROWS.findall(page.content.decode()) if code]


@pytest.mark.parametrize("path", PAGES)
def test_fifty_rows_are_shown_at_a_time(manager: Client, path: str) -> None:
    assert rows(manager, path) == [str(n) for n in range(1, 51)]
    assert rows(manager, path, "&page=3") == [str(n) for n in range(101, 121)]


@pytest.mark.parametrize("path", PAGES)
def test_codes_and_names_are_looked_through(manager: Client, path: str) -> None:
    assert rows(manager, path, "&find=10") == ["10", *(str(n) for n in range(100, 111) if n != 10)]


@pytest.mark.parametrize("path", PAGES)
def test_where_nothing_is_found_the_page_says_so(manager: Client, path: str) -> None:
    page = manager.get(f"/sites/F1/{path}?period=today&find=%3Cb%3Ezz").content.decode()
    assert "No code or name here has “&lt;b&gt;zz” in it." in page
    assert "No worker yet" not in page
    assert "No workstation yet" not in page
    assert "Nobody was scheduled" not in page


@pytest.mark.parametrize("path", PAGES)
def test_what_is_looked_for_stays_while_periods_change(manager: Client, path: str) -> None:
    page = manager.get(f"/sites/F1/{path}?period=today&find=w+1&page=2").content.decode()
    assert f"/sites/F1/{path}?period=7d&amp;find=w%201" in page
    assert "page=2" not in page


@pytest.mark.parametrize("path", PAGES)
def test_the_form_keeps_the_period(manager: Client, path: str) -> None:
    page = manager.get(f"/sites/F1/{path}?period=today").content.decode()
    form = page.partition("data-find>")[2].partition("</form>")[0]
    assert '<input type="hidden" name="period" value="today">' in form


def test_a_measure_and_a_filter_stay_while_pages_are_turned(manager: Client) -> None:
    hours = manager.get("/sites/F1/hours/?period=today&measure=units").content.decode()
    assert "/sites/F1/hours/?period=today&amp;measure=units&amp;page=2#list" in hours
    floor = manager.get("/sites/F1/floor/?period=today&state=working").content.decode()
    assert "/sites/F1/floor/?period=today&amp;state=working&amp;page=2#list" in floor


def test_where_another_day_stands_in_it_is_still_looked_for(manager: Client) -> None:
    response = manager.get(
        "/sites/F1/workers/?start=2026-06-16T08:00:00Z&end=2026-06-16T09:00:00Z&find=w7"
    )
    assert response.headers["Location"].endswith("instead_of=asked&find=w7")


def test_a_period_without_figures_is_leafed_through_as_it_is(manager: Client) -> None:
    window = "start=2026-06-16T08:00:00Z&end=2026-06-16T09:00:00Z"
    page = manager.get(f"/sites/F1/workers/?{window}&stay=1").content.decode()
    assert "&amp;stay=1&amp;page=2#list" in page


@pytest.mark.parametrize("find", ["a" * 500, "%00", "%F0%9F%98%80", "%22%3E%3Cscript%3E"])
def test_anything_can_be_looked_for(manager: Client, find: str) -> None:
    page = manager.get(f"/sites/F1/workers/?period=today&find={find}")
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().partition("<main")[2].partition("</main")[0]


def test_exports_stay_whole(manager: Client) -> None:
    page = manager.get("/sites/F1/workers/?period=today&find=w7&page=2").content.decode()
    url = re.search(r'href="([^"]+)&amp;format=csv"', page)
    assert url is not None
    answer = manager.get(url[1].replace("&amp;", "&") + "&format=csv")
    assert len(answer.content.decode().splitlines()) == 121


@pytest.mark.parametrize("path", PAGES)
def test_a_site_of_few_is_shown_as_a_whole(floor: Floor, path: str) -> None:
    floor.put(*(event(after(NOW, hours=-1), f"W{n}", f"S{n}") for n in range(1, 6)))
    client = Client()
    client.force_login(floor.manager)
    assert rows(client, path) == ["1", "2", "3", "4", "5"]
    page = client.get(f"/sites/F1/{path}?period=today").content.decode()
    assert 'data-set="hidden:few" hidden' in page
