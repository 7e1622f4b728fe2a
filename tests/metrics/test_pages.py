"""Addresses of the pages: who comes in, where they lead, and what they cost."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from events.models import Event
from metrics.queries import kept
from metrics.shown.links import Links
from tests.floor import NOW, Floor, after, event
from workers.models import Role, Site, User


@pytest.fixture
def ada(floor: Floor) -> Client:
    """The manager's browser, without scripts."""
    return _browser(floor.manager)


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="workers.authentication.MembershipBackend")
    return client


def _hour_ago() -> str:
    return after(NOW, hours=-1)


@pytest.mark.parametrize(
    "path, told",
    [
        ("", "Events less sure than 0.60 count once a reviewer has confirmed them"),
        ("methods/", "0.60; they count once a reviewer has confirmed them"),
    ],
)
def test_a_site_whose_unsure_events_wait_says_so(
    floor: Floor, ada: Client, path: str, told: str
) -> None:
    floor.site.below_threshold = Site.BelowThreshold.EXCLUDE
    floor.site.save()
    floor.put(event(_hour_ago()))
    assert told in ada.get(f"/sites/F1/{path}?period=live").content.decode()


def test_a_stranger_is_asked_to_log_in(floor: Floor) -> None:
    response = Client().get("/sites/F1/?period=live")
    assert response.headers["Location"] == "/login/?next=/sites/F1/%3Fperiod%3Dlive"


def test_the_front_door_leads_to_the_first_site(floor: Floor, ada: Client) -> None:
    Floor("A0")
    assert ada.get("/").headers["Location"] == "/sites/A0/"


def test_a_site_of_others_does_not_exist(floor: Floor, ada: Client) -> None:
    Site.objects.create(code="F2", name="Not ada's")
    assert ada.get("/sites/F2/").status_code == ada.get("/sites/none/").status_code == 404


@pytest.mark.parametrize("code", ["Halle 1", "F/1", "%2F", "ä?#"])
def test_any_code_has_an_address(floor: Floor, ada: Client, code: str) -> None:
    Site.objects.filter(pk=floor.site.pk).update(code=code)
    assert ada.get(reverse("site-overview", args=[code])).status_code == 200


@pytest.mark.parametrize(
    "query", ["period=never", "start=2026-06-16", "start=2026-06-16T00:00:00Z", "period=live&end=x"]
)
def test_a_wrong_window_is_told_not_guessed(floor: Floor, ada: Client, query: str) -> None:
    response = ada.get(f"/sites/F1/?{query}")
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


def test_a_period_without_figures_leads_to_the_newest_day_with_some(
    floor: Floor, ada: Client
) -> None:
    floor.put(event("08:00"), event("09:00", kind="absent"))
    response = ada.get("/sites/F1/?period=live")
    assert response.headers["Location"] == (
        "/sites/F1/?start=2026-06-16T00%3A00%3A00Z&end=2026-06-17T00%3A00%3A00Z&instead_of=live"
    )


def test_where_the_newest_day_is_today_the_period_goes_on(floor: Floor, ada: Client) -> None:
    floor.put(event("06:00:00"), event(after(NOW, hours=-9), kind="absent"))
    response = ada.get("/sites/F1/?period=yesterday")
    assert response.status_code == 200  # 16 June has figures itself
    response = ada.get("/sites/F1/?start=2026-06-10T00:00:00Z&end=2026-06-11T00:00:00Z")
    assert response.headers["Location"] == "/sites/F1/?period=today&instead_of=asked"


def test_who_stays_is_shown_the_period_without_figures(floor: Floor, ada: Client) -> None:
    floor.put(event("08:00"), event("09:00", kind="absent"))
    response = ada.get("/sites/F1/?period=live&stay=1")
    assert response.status_code == 200
    assert "no worker was seen" in response.content.decode()


def test_the_page_cannot_be_posted_to(floor: Floor, ada: Client) -> None:
    assert ada.post("/sites/F1/").status_code == 405


def test_the_policy_allows_no_inline_script_or_style(floor: Floor, ada: Client) -> None:
    floor.put(event(_hour_ago()))
    response = ada.get("/sites/F1/")
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert " style=" not in response.content.decode()


def test_an_error_page_asks_nobody_who_the_user_is(
    floor: Floor, ada: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert ada.get("/nowhere/").status_code == 404


PATHS = [
    "",
    "floor/",
    "floor/?kiosk",
    "timeline/",
    "hours/",
    "workers/",
    "workstations/",
    "compare/",
    "recognition/",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_for_members_alone(floor: Floor, path: str) -> None:
    stranger = User.objects.create(username="otto")
    assert Client().get(f"/sites/F1/{path}").status_code == 302
    assert _browser(stranger).get(f"/sites/F1/{path}").status_code == 404


@pytest.mark.parametrize("path", ["timeline/", "workers/", "workers/W1/", "workers/nobody/"])
def test_pages_about_people_are_for_managers(floor: Floor, path: str) -> None:
    response = _browser(floor.add_member("vera", Role.VIEWER)).get(f"/sites/F1/{path}")
    assert response.status_code == 403
    assert "Figures about people are for managers" in response.content.decode()


@pytest.mark.parametrize("path", ["workers/nobody/", "workstations/nothing/"])
def test_whom_nobody_knows_has_no_page(floor: Floor, ada: Client, path: str) -> None:
    assert ada.get(f"/sites/F1/{path}").status_code == 404


@pytest.mark.parametrize("code", ["W 1", "W/1", "%2F", "ä?#", "50%", "..W"])
def test_any_code_of_a_worker_has_an_address(floor: Floor, ada: Client, code: str) -> None:
    floor.add_worker(code)
    floor.put(event(_hour_ago(), code))
    page = ada.get("/sites/F1/workers/").content.decode()
    address = Links("/sites/F1/", "?period=shift").worker(code)
    assert escape(address) in page
    assert ada.get(address).status_code == 200


def test_a_range_of_the_site_s_own_clock_becomes_instants(floor: Floor, ada: Client) -> None:
    Site.objects.filter(pk=floor.site.pk).update(time_zone="Europe/Berlin")
    response = ada.get(
        "/sites/F1/floor/?state=idle&from=2026-10-25T02:00&to=2026-10-25T02:30&period=live"
    )
    assert response.headers["Location"] == (  # the first pass of its start, the second of its end
        "/sites/F1/floor/?start=2026-10-25T00%3A00%3A00Z&end=2026-10-25T01%3A30%3A00Z&state=idle"
    )


@pytest.mark.parametrize(
    "given",
    [
        "from=2026-06-16T08:01&to=2026-06-16T09:00",
        "from=yesterday&to=2026-06-16T09:00",
        "from=2026-06-16T08:00",
        "from=0001-01-01T00:00&to=9999-12-31T23:55",
    ],
)
def test_a_range_that_is_none_is_told(floor: Floor, ada: Client, given: str) -> None:
    Site.objects.filter(pk=floor.site.pk).update(time_zone="Asia/Tokyo")
    response = ada.get(f"/sites/F1/?{given}", follow=True)
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


def test_a_filter_of_the_floor_stays_while_periods_change(floor: Floor, ada: Client) -> None:
    floor.put(event(_hour_ago()))
    page = ada.get("/sites/F1/floor/?state=idle&period=today").content.decode()
    assert "/sites/F1/floor/?period=7d&amp;state=idle" in page
    assert 'data-filter="idle"' in page
    page = ada.get("/sites/F1/floor/?state=bored").content.decode()
    assert "state=bored" not in page


ZOOM = "2026-06-17T16:00:00Z/2026-06-17T17:00:00Z"


def test_a_zoomed_timeline_comes_zoomed(floor: Floor, ada: Client) -> None:
    floor.put(event(_hour_ago()))
    page = ada.get(f"/sites/F1/timeline/?period=today&zoom={ZOOM}").content.decode()
    assert "Shown: 16:00–17:00" in page
    assert 'viewBox="57600 0 3600 24"' in page


def test_a_zoom_of_another_time_is_none(floor: Floor, ada: Client) -> None:
    floor.put(event(_hour_ago()))
    page = ada.get(f"/sites/F1/timeline/?period=live&zoom={ZOOM}")
    assert page.context["timeline"]["zoomed"] == ""


@pytest.mark.parametrize(
    "zoom",
    [
        "16:00/17:00",
        "2026-06-17T16:00:00Z",
        "2026-06-17T16:01:00Z/2026-06-17T17:00:00Z",
        "2026-06-17T17:00:00Z/2026-06-17T16:00:00Z",
        "2026-06-17T16:00:00/2026-06-17T17:00:00",
    ],
)
def test_a_zoom_that_is_none_is_told(floor: Floor, ada: Client, zoom: str) -> None:
    floor.put(event(_hour_ago()))
    assert ada.get(f"/sites/F1/timeline/?period=today&zoom={zoom}").status_code == 400


def test_a_timeline_of_many_days_offers_the_last_of_them(floor: Floor, ada: Client) -> None:
    page = ada.get("/sites/F1/timeline/?start=2026-01-01T00:00:00Z&end=2026-06-18T00:00:00Z")
    days = page.context["days"]
    assert [day["label"] for day in (days[0], days[-1])] == ["Mon 18 May", "Wed 17 Jun"]
    assert "start=2026-06-17T00%3A00%3A00Z&end=2026-06-18T00%3A00%3A00Z" in days[-1]["url"]


def test_the_measure_of_hours_stays_while_the_period_changes(floor: Floor, ada: Client) -> None:
    floor.put(event(_hour_ago()))
    page = ada.get("/sites/F1/hours/?measure=units&period=today").content.decode()
    assert "/sites/F1/hours/?period=7d&amp;measure=units" in page
    assert "measure=best" not in ada.get("/sites/F1/hours/?measure=best").content.decode()


@pytest.mark.parametrize("path", ["timeline/", "hours/"])
def test_where_nothing_was_seen_the_newest_day_is_shown(
    floor: Floor, ada: Client, path: str
) -> None:
    floor.put(event("08:00"), event("09:00", kind="absent"))
    response = ada.get(f"/sites/F1/{path}?period=live")
    assert response.headers["Location"] == (
        f"/sites/F1/{path}?start=2026-06-16T00%3A00%3A00Z&end=2026-06-17T00%3A00%3A00Z"
        "&instead_of=live"
    )


def test_more_hours_than_a_page_could_hold_are_told(floor: Floor, ada: Client) -> None:
    page = ada.get("/sites/F1/hours/?start=2025-01-01T00:00:00Z&end=2026-06-18T00:00:00Z")
    assert page.status_code == 400
    assert "fewer days" in page.content.decode()


def test_an_admin_of_a_site_without_figures_is_led_to_connect_a_camera(floor: Floor) -> None:
    admin = _browser(floor.add_member("adam", Role.ADMIN))
    assert "Connect a camera" in admin.get("/sites/F1/").content.decode()
    assert "Connect a camera" not in _browser(floor.manager).get("/sites/F1/").content.decode()


def test_a_page_names_its_period_for_who_logs_in_again(floor: Floor, ada: Client) -> None:
    floor.put(event(_hour_ago()))
    page = ada.get("/sites/F1/workers/W1/?period=7d").content.decode()
    assert "/login/?next=%2Fsites%2FF1%2Fworkers%2FW1%2F%3Fperiod%3D7d" in page


# --- what pages cost ------------------------------------------------------------------------------

# Session, user and sites are 3; over many days each table of sums costs up to 2 more.
COST = {
    "today": {
        "": 18,
        "floor/": 12,
        "timeline/": 9,
        "hours/": 7,
        "workers/": 14,
        "workers/X10/": 27,
        "workstations/": 14,
        "workstations/S1/": 18,
        "recognition/": 13,
        "compare/": 9,
        "methods/": 3,
    },
    "30d": {
        "": 28,
        "floor/": 14,
        "timeline/": 3,  # days to choose from
        "hours/": 7,
        "workers/": 16,
        "workers/X10/": 29,
        "workstations/": 16,
        "workstations/S1/": 25,
        "recognition/": 13,
        "compare/": 10,
        "methods/": 3,
    },
}


@pytest.mark.parametrize("period", COST)
@pytest.mark.parametrize("workers", [2, 200])
def test_pages_cost_the_same_however_many_workers(
    floor: Floor, ada: Client, workers: int, period: str
) -> None:
    _work(floor, workers=workers, days=[0, 1, 2, 20, 31, 40])
    ada.get("/sites/F1/")
    kept.forget()
    found = {path: len(_asked(ada, f"{path}?period={period}")) for path in COST[period]}
    assert found == COST[period]


def test_pages_need_no_events(floor: Floor, ada: Client) -> None:
    """But those of the 5 minutes in which now lies, or the same moment of the period before."""
    _work(floor, workers=2, days=[0, 1])
    shown = {path: _figures_of(ada, path) for path in COST["today"]}
    Event.objects.all()._raw_delete("default")
    assert {path: _figures_of(ada, path) for path in COST["today"]} == shown


def _figures_of(client: Client, path: str) -> str:
    cache.clear()
    kept.forget()
    return client.get(f"/sites/F1/{path}?period=30d").content.decode().partition("<main")[2]


def _work(floor: Floor, *, workers: int, days: list[int]) -> None:
    """X10, X11, … work at S1 from 17:00 on these days before NOW's."""
    names = [f"X{number}" for number in range(10, 10 + workers)]
    for name in names:
        floor.add_worker(name)
    for day in days:
        floor.put(*(event(after(NOW, days=-day, hours=-1), name, "S1") for name in names))


def _asked(client: Client, path: str) -> list[str]:
    """The statements of a page that nobody has asked for in the last seconds."""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/sites/F1/{path}").status_code == 200
    return [query["sql"] for query in queries]
