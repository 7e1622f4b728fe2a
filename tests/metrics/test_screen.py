"""A screen on the wall: how it is connected, what it shows, and when it is told that it may not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from tests.floor import NOW, Floor, Json, after, event
from workers import screens
from workers.models import Role, Site, WallScreen

FLOOR, FIGURES = "/screen/floor/", "/screen/figures/"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def floor(floor: Floor) -> Floor:
    """W1 works at S1."""
    floor.put(event(after(NOW, hours=-1), "W1", "S1"))
    return floor


@pytest.fixture
def issued(floor: Floor) -> screens.IssuedScreen:
    return _issue(floor)


@pytest.fixture
def screen(issued: screens.IssuedScreen) -> Client:
    """Its browser, connected."""
    return _connected(issued.key)


def _issue(floor: Floor, **more: object) -> screens.IssuedScreen:
    return screens.create(WallScreen(site=floor.site, name="Gate", **more), at=NOW)


def _connected(key: str) -> Client:
    client = Client()
    assert client.post("/screen/", {"key": key}).headers["Location"] == FLOOR
    return client


def _figures(client: Client) -> Json:
    answer = client.get(FIGURES)
    assert answer.status_code == 200
    return answer.json()


# --- how it is connected --------------------------------------------------------------------------


def test_a_key_becomes_a_cookie_for_the_screen_s_pages_alone(issued: screens.IssuedScreen) -> None:
    client = Client()
    client.post("/screen/", {"key": issued.key})
    cookie = client.cookies["screen"]
    kept = {name: cookie[name] for name in ("path", "httponly", "samesite", "max-age")}
    assert kept == {
        "path": "/screen/",
        "httponly": True,
        "samesite": "Strict",
        "max-age": 400 * 24 * 3_600,
    }


def test_the_key_stands_in_no_page_and_no_address(issued: screens.IssuedScreen) -> None:
    client = Client()
    answer = client.post("/screen/", {"key": issued.key})
    said = answer.headers["Location"] + client.get(FLOOR).content.decode()
    assert issued.key.split("_")[2] not in said + client.get("/screen/").content.decode()


def test_in_the_address_a_key_opens_nothing(issued: screens.IssuedScreen) -> None:
    for path in ("/sites/F1/floor/?kiosk=", "/screen/floor/?kiosk=", "/screen/floor/?key="):
        answer = Client().get(path + issued.key)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(("/login/", "/screen/"))


def test_the_form_is_taken_from_its_own_page_alone(issued: screens.IssuedScreen) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/screen/", {"key": issued.key}).status_code == 403
    assert "screen" not in client.cookies


@pytest.mark.parametrize("key", ["", "sk_no_such", "fk_demoCAM7_public", "\x00", "ä" * 10_000])
def test_a_wrong_key_is_told_in_plain_words(floor: Floor, key: str) -> None:
    answer = Client().post("/screen/", {"key": key})
    assert answer.status_code == 403
    assert "This key is not known here" in answer.content.decode()
    assert "screen" not in answer.cookies


def test_each_look_at_the_floor_keeps_the_cookie(screen: Client) -> None:
    assert screen.get(FLOOR).cookies["screen"]["max-age"]


def test_no_cache_keeps_its_pages(screen: Client) -> None:
    for path in ("/screen/", FLOOR):
        assert "no-store" in screen.get(path).headers["Cache-Control"]


# --- what it shows --------------------------------------------------------------------------------


def test_it_shows_the_floor_of_its_site(screen: Client) -> None:
    page = screen.get(FLOOR).content.decode()
    assert "Floor F1" in page
    assert "Station 1" in page
    assert f'data-overview-url="{FIGURES}"' in page


def test_its_figures_are_those_of_a_viewer(floor: Floor, screen: Client) -> None:
    floor.add_member("vera", Role.VIEWER)
    assert _figures(screen) == floor.figures("overview", period="shift", by="vera")


def test_whatever_it_asks_it_is_told_of_its_own_site(screen: Client) -> None:
    Floor("F2")
    answer = screen.get(FIGURES, {"site": "F2", "period": "30d", "worker_id": "W1"}).json()
    assert (answer["site"], answer["period"]) == ("F1", "shift")


@pytest.mark.parametrize("shown", Site.PeopleShown.values)
def test_people_are_codes_whatever_the_site_shows_else(floor: Floor, shown: str) -> None:
    Site.objects.update(people_shown=shown)
    screen = _connected(_issue(floor, shows_workers=True).key)
    answer, page = _figures(screen), screen.get(FLOOR).content.decode()
    assert answer["workstations"][0]["worker_ids"] == ["W1"]
    assert "workers" not in answer
    assert "Worker 1" not in page + repr(answer)


def test_to_an_admin_the_kiosk_shows_codes_too(floor: Floor) -> None:
    client = Client()
    adam = floor.add_member("adam", Role.ADMIN)
    client.force_login(adam, backend="workers.authentication.MembershipBackend")
    page = client.get("/sites/F1/floor/?kiosk").content.decode()
    assert '<p class="wall-who" data-text="who">W1</p>' in page
    assert "Worker 1" not in page
    assert "<nav" not in page


def test_a_screen_that_shows_no_people_shows_none(screen: Client) -> None:
    assert "worker_ids" not in _figures(screen)["workstations"][0]
    assert '<p class="wall-who" data-text="who"></p>' in screen.get(FLOOR).content.decode()


def test_names_that_look_like_script_are_text(floor: Floor, screen: Client) -> None:
    floor.stations["S1"].name = floor.site.name = SCRIPT
    floor.stations["S1"].save()
    Site.objects.filter(pk=floor.site.pk).update(name=SCRIPT)
    page = screen.get(FLOOR).content.decode()
    assert "&lt;script&gt;" in page
    assert SCRIPT not in page


def test_a_site_without_anything_says_what_will_stand_here(still_clock: object, db: None) -> None:
    site = Site.objects.create(code="E1", name="Empty")
    key = screens.create(WallScreen(site=site, name="Gate"), at=NOW).key
    assert "No workstation yet" in _connected(key).get(FLOOR).content.decode()


def test_the_policy_allows_no_inline_script_or_style(screen: Client) -> None:
    for path in ("/screen/", FLOOR):
        answer = screen.get(path)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert " style=" not in answer.content.decode()


# --- when it may not ------------------------------------------------------------------------------


def test_a_revoked_screen_is_refused_at_once(issued: screens.IssuedScreen, screen: Client) -> None:
    screens.revoke(issued.row, at=NOW)
    assert screen.get(FIGURES).status_code == 401
    assert screen.get(FLOOR).headers["Location"] == "/screen/"


def test_a_screen_is_refused_once_it_has_expired(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    screen = _connected(_issue(floor, expires_at=NOW.replace(hour=19)).key)
    still_clock.shift(3_600)
    assert screen.get(FIGURES).status_code == 401
    assert screen.get(FLOOR).headers["Location"] == "/screen/"


def test_without_a_key_there_is_nothing_to_see(floor: Floor) -> None:
    assert Client().get(FIGURES).status_code == 401
    assert Client().get(FLOOR).headers["Location"] == "/screen/"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [FLOOR, FIGURES])
def test_nothing_can_be_written(screen: Client, path: str, method: str) -> None:
    assert getattr(screen, method)(path).status_code == 405


# --- what it costs --------------------------------------------------------------------------------


def test_a_poll_without_news_costs_a_304_and_one_statement(screen: Client) -> None:
    tag = screen.get(FIGURES).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        answer = screen.get(FIGURES, headers={"If-None-Match": tag})
    assert (answer.status_code, len(queries)) == (304, 1)


def test_news_change_the_tag(floor: Floor, screen: Client, still_clock: TimeMachineFixture) -> None:
    tag = screen.get(FIGURES).headers["ETag"]
    floor.put(event(after(NOW, minutes=-5), "W2", "S2"))
    assert screen.get(FIGURES, headers={"If-None-Match": tag}).status_code == 200


def test_two_screens_of_a_site_that_show_different_things_do_not_share_answers(
    floor: Floor, screen: Client
) -> None:
    other = _connected(_issue(floor, shows_workers=True).key)
    assert screen.get(FIGURES).headers["ETag"] != other.get(FIGURES).headers["ETag"]


@pytest.mark.parametrize("stations", [5, 200])
def test_the_floor_costs_the_same_however_many_workstations(
    floor: Floor, screen: Client, stations: int
) -> None:
    for number in range(6, stations + 1):
        floor.add_station(f"S{number}")
    screen.get(FLOOR)
    with CaptureQueriesContext(connection) as queries:
        screen.get(FLOOR)
    assert len(queries) == 10
