"""Admin pages of recognition: alerts with their plots and log, cameras, maintenance, rules."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.instants import to_ms
from drift.models import Alert, MaintenanceWindow, WatchRules
from drift.queries.marks import station_marks
from tests.drift.camera_days import check, falls, reports, send
from tests.floor import Floor, ms
from workers.models import Role

BACKEND = "workers.authentication.MembershipBackend"
BrowserOf = Callable[[str], Client]


@pytest.fixture
def browser_of(floor: Floor) -> BrowserOf:
    def _browser_of(role: str) -> Client:
        browser = Client()
        browser.force_login(floor.add_member(role, role), backend=BACKEND)
        return browser

    return _browser_of


@pytest.fixture
def manager(browser_of: BrowserOf) -> Client:
    return browser_of(Role.MANAGER)


@pytest.fixture
def alerted(floor: Floor) -> Floor:
    floor.cameras["C1"].workstations.add(floor.stations["S1"], floor.stations["S2"])
    send(floor, reports(falls("10:00"), model_version="yolo-2", per_hour=12))
    check()
    return floor


@pytest.fixture
def low(floor: Floor) -> Floor:
    """Below the floor: an alert that needs no history."""
    send(floor, reports(lambda _: 0.8, start=ms("06:00"), until="12:00"))
    check("12:00")
    return floor


def page_of(alert: Alert) -> str:
    return f"/admin/drift/alert/{alert.pk}/change/"


def test_the_list_says_what_and_since_when(alerted: Floor, manager: Client) -> None:
    text = manager.get("/admin/drift/alert/").content.decode()
    assert "recognition less sure (working .93" in text
    assert "2026-06-16 10:00" in text


def test_the_list_costs_the_same_however_many_alerts(low: Floor, manager: Client) -> None:
    manager.get("/admin/drift/alert/")
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as captured:
            manager.get("/admin/drift/alert/")
        counts.append(len(captured))
        alert = Alert.objects.get(pk=Alert.objects.first().pk)
        alert.pk, alert.model_version = None, f"other {number}"
        alert.save(force_insert=True)
    assert counts[0] == counts[1]


def test_the_page_shows_four_plots_with_their_numbers(alerted: Floor, manager: Client) -> None:
    text = manager.get(page_of(Alert.objects.get())).content.decode()
    for title in ("Mean confidence", "Drift, added up", "Events an hour", "Spread of confidences"):
        assert title in text
    assert text.count("<svg viewBox") == 4
    assert "floor 0.85" in text
    assert "limit 8" in text
    assert "Tue 16 Jun 10:00" in text


def test_another_segment_can_be_looked_at(alerted: Floor, manager: Client) -> None:
    text = manager.get(page_of(Alert.objects.get()) + "?segment=*").content.decode()
    assert 'aria-current="true">all types' in text


@pytest.mark.parametrize("segment", ["nonsense", "%00", "working"])
def test_any_segment_shows_a_page(alerted: Floor, manager: Client, segment: str) -> None:
    answer = manager.get(page_of(Alert.objects.get()) + f"?segment={segment}")
    assert answer.status_code == 200


def test_acknowledging_by_the_button(low: Floor, manager: Client) -> None:
    page = page_of(Alert.objects.get())
    answer = manager.post(page, {"acknowledge": "1"}, follow=True)
    assert "You look after it" in answer.content.decode()
    assert Alert.objects.get().status == "acknowledged"


def test_resolving_with_a_note(low: Floor, manager: Client) -> None:
    page = page_of(Alert.objects.get())
    given = {"resolve": "1", "resolution": "fixed", "note": "Lens cleaned"}
    text = manager.post(page, given, follow=True).content.decode()
    alert = Alert.objects.get()
    assert (alert.resolution, alert.note, str(alert.resolved_by)) == (
        "fixed",
        "Lens cleaned",
        "manager",
    )
    assert "Lens cleaned" in text
    assert "What to do" not in text


def test_a_resolution_must_be_chosen(low: Floor, manager: Client) -> None:
    answer = manager.post(page_of(Alert.objects.get()), {"resolve": "1", "note": "?"})
    assert "This field is required" in answer.content.decode()
    assert Alert.objects.get().status == "open"


def test_two_at_once_are_told(low: Floor, manager: Client) -> None:
    page = page_of(Alert.objects.get())
    given = {"resolve": "1", "resolution": "fixed"}
    manager.post(page, given)
    text = manager.post(page, given, follow=True).content.decode()
    assert "It has been resolved meanwhile" in text


def test_a_page_without_any_plot_still_opens(floor: Floor, manager: Client) -> None:
    """Of silence: the camera has sent no confidence."""
    alert = Alert.objects.create(
        site=floor.site,
        camera=floor.cameras["C1"],
        is_live=True,
        reasons=["silence"],
        onset_at=ms("08:00"),
        detected_at=ms("08:03"),
        first_detected_at=ms("08:03"),
        opened_at=ms("08:04"),
    )
    assert "C1: silent since" in manager.get(page_of(alert)).content.decode()


PAGES = [
    "alert/",
    "watchedcamera/",
    "maintenancewindow/",
    "watchrules/",
]


@pytest.mark.parametrize("page", PAGES)
def test_viewers_are_kept_out(low: Floor, browser_of: BrowserOf, page: str) -> None:
    assert browser_of(Role.VIEWER).get(f"/admin/drift/{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_managers_come_in(low: Floor, manager: Client, page: str) -> None:
    assert manager.get(f"/admin/drift/{page}").status_code == 200


def test_another_sites_alert_is_not_found(low: Floor) -> None:
    other = Floor("F2")
    browser = Client()
    browser.force_login(other.add_member("eve", Role.ADMIN), backend=BACKEND)
    page = page_of(Alert.objects.get())
    assert browser.get(page).status_code == 302
    assert browser.post(page, {"acknowledge": "1"}).status_code == 403
    assert Alert.objects.get().status == "open"


def test_a_cameras_page_compares_its_versions(floor: Floor, manager: Client) -> None:
    send(floor, reports(until="00:00", model_version="yolo-1"))
    send(floor, reports(lambda _: 0.88, start=ms("00:00"), model_version="yolo-2"))
    check()
    page = f"/admin/drift/watchedcamera/{floor.cameras['C1'].pk}/change/"
    text = manager.get(page).content.decode()
    assert text.index("yolo-2</th>") < text.index("yolo-1</th>")
    assert "7 days, every 60 min" in text
    assert "still learning" in text


def test_a_manager_enters_a_maintenance_window(low: Floor, manager: Client) -> None:
    camera = low.cameras["C1"]
    given = {
        "camera": camera.pk,
        "starts_at_0": "2026-06-16",
        "starts_at_1": "09:00:00",
        "ends_at_0": "2026-06-16",
        "ends_at_1": "12:00:00",
        "reason": "Lens",
    }
    manager.post("/admin/drift/maintenancewindow/add/", given)
    window = MaintenanceWindow.objects.get()
    assert to_ms(window.starts_at) == ms("09:00")
    assert camera.watchedcamera.is_due


def test_who_entered_a_maintenance_window_is_kept(low: Floor, browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)
    given = {
        "camera": low.cameras["C1"].pk,
        "starts_at_0": "2026-06-16",
        "starts_at_1": "09:00",
        "ends_at_0": "2026-06-16",
        "ends_at_1": "12:00",
        "reason": "Lens",
    }
    browser.post("/admin/drift/maintenancewindow/add/", given)
    window = MaintenanceWindow.objects.get()
    text = browser.get(f"/admin/drift/maintenancewindow/{window.pk}/history/").content.decode()
    assert "2026-06-16 09:00" in text
    assert ">admin<" in text


def test_new_rules_replace_the_old_ones(low: Floor, browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)
    own = {"site": low.site.pk, "camera": low.cameras["C1"].pk}
    for floor in ("0.700", "0.750"):
        browser.post("/admin/drift/watchrules/add/", own | {"floor": floor})
    rows = WatchRules.objects.filter(camera=low.cameras["C1"]).order_by("pk")
    assert [str(row.floor) for row in rows] == ["0.700", "0.750"]
    assert str(rows[1].by) == "admin"
    text = browser.get("/admin/drift/watchrules/?in_force=yes").content.decode()
    assert "0.750" in text
    assert "0.700" not in text


def test_the_floor_of_a_whole_site_is_set_elsewhere(low: Floor, browser_of: BrowserOf) -> None:
    given = {"site": low.site.pk, "floor": "0.700"}
    answer = browser_of(Role.ADMIN).post("/admin/drift/watchrules/add/", given)
    assert "set on its own page" in answer.content.decode()


# --- the overview's mark -------------------------------------------------------------------------


def test_workstations_of_the_camera_are_marked_since_the_onset(alerted: Floor) -> None:
    marked = {alerted.stations[code].pk: ms("10:00") for code in ("S1", "S2")}
    assert station_marks(alerted.site.pk) == marked


def test_a_resolved_alert_marks_nothing(alerted: Floor, manager: Client) -> None:
    given = {"resolve": "1", "resolution": "fixed"}
    manager.post(page_of(Alert.objects.get()), given)
    assert station_marks(alerted.site.pk) == {}


def test_another_site_is_not_marked(alerted: Floor) -> None:
    assert station_marks(Floor("F2").site.pk) == {}


def test_the_list_of_cameras_says_how_sure_each_was_in_a_day(low: Floor, manager: Client) -> None:
    text = manager.get("/admin/drift/watchedcamera/").content.decode()
    row = text.split("data-row")[1]
    assert re.search(r'<span class="sheet-mark is-wrong">0\.80\d</span>', row)
    assert "0.850" in row


def test_a_floor_of_its_own_stands_beside_the_camera(low: Floor, browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)
    own = {"site": low.site.pk, "camera": low.cameras["C1"].pk, "floor": "0.750"}
    browser.post("/admin/drift/watchrules/add/", own)
    row = browser.get("/admin/drift/watchedcamera/").content.decode().split("data-row")[1]
    assert "0.750" in row
    assert "is-wrong" not in row


def test_newer_rules_without_a_floor_go_by_the_site_again(
    low: Floor, browser_of: BrowserOf
) -> None:
    browser = browser_of(Role.ADMIN)
    own = {"site": low.site.pk, "camera": low.cameras["C1"].pk}
    for more in ({"floor": "0.750"}, {"preset": "quiet"}):
        browser.post("/admin/drift/watchrules/add/", own | more)
    row = browser.get("/admin/drift/watchedcamera/").content.decode().split("data-row")[1]
    assert "0.850" in row
