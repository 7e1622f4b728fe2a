"""Lists show what is so now: state, place and the shift's figures, as the overview tells them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from time_machine import TimeMachineFixture

from drift.models import Alert
from tests.floor import NOW, Floor, count, event
from tests.workers.conftest import BACKEND
from workers.models import Membership, Role, Site, User

TODAY = "2026-06-17T"


@pytest.fixture
def busy(floor: Floor) -> Floor:
    """W1 works at S1 since 14:00 and has made 10; W2 was idle at S2; the shift began at 14:00."""
    floor.add_shift("Late", "14:00", "22:00")
    floor.put(
        event(f"{TODAY}14:00:00Z"),
        count(f"{TODAY}15:00:00Z", 10),
        event(f"{TODAY}16:00:00Z", "W2", "S2", "idle"),
    )
    return floor


def browser_for(floor: Floor, role: str, *, name: str = "eve") -> Client:
    user, _ = User.objects.get_or_create(username=name)
    Membership.objects.create(user=user, site=floor.site, role=role)
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def table(page: Any) -> dict[str, list[str]]:
    """The cells of each row as words, by the code in the first."""
    body = page.content.decode().split('id="result_list"')[1]
    rows = re.findall(r'<tr class="data-row.*?</tr>', body, re.DOTALL)
    found = {}
    for row in rows:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        words = [" ".join(strip_tags(cell).split()) for cell in cells]
        found[next(word for word in words if word)] = words
    return found


def test_workers_with_state_place_and_figures(busy: Floor) -> None:
    rows = table(browser_for(busy, Role.ADMIN).get("/admin/workers/worker/"))
    assert rows["W1"][4:8] == ["working since 14:00", "S1", "10", "100.0 %"]
    assert rows["W2"][4:8] == ["idle since 16:00", "S2", "0", "0.0 %"]
    assert rows["W3"][4:8] == ["not seen", "–", "0", "–"]


def test_workstations_with_state_and_units_against_target(busy: Floor) -> None:
    rows = table(browser_for(busy, Role.VIEWER).get("/admin/workers/workstation/"))
    assert rows["S1"][4:8] == ["10", "working since 14:00", "10", "25 % of 40"]
    assert rows["S3"][5] == "not seen"


def test_figures_of_a_shift_that_is_over_say_so(
    busy: Floor, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW.replace(hour=23), tick=False)
    rows = table(browser_for(busy, Role.ADMIN).get("/admin/workers/worker/"))
    assert rows["W1"][6] == "10 last shift"


def test_a_figure_of_which_little_was_seen_is_marked(busy: Floor) -> None:
    page = browser_for(busy, Role.ADMIN).get("/admin/workers/worker/").content.decode()
    assert re.search(r'<span class="doubted" title="[^"]+">0.0', page)


def test_a_worker_who_is_gone_has_no_figures(busy: Floor) -> None:
    busy.retire(busy.workers["W1"], NOW.date())
    rows = table(browser_for(busy, Role.ADMIN).get("/admin/workers/worker/"))
    assert rows["W1"][4:8] == ["–", "–", "–", "–"]


def test_cameras_with_when_they_were_seen(busy: Floor) -> None:
    rows = table(browser_for(busy, Role.VIEWER).get("/admin/workers/camera/"))
    assert rows["C1"][4].startswith("0 s ago")
    assert "never" in rows["C2"][4]


def test_a_camera_that_should_have_been_heard_is_marked(
    busy: Floor, time_machine: TimeMachineFixture
) -> None:
    busy.site.cameras.update(state_ttl_s=600)
    time_machine.move_to(NOW.replace(hour=19), tick=False)
    rows = table(browser_for(busy, Role.VIEWER).get("/admin/workers/camera/"))
    assert rows["C1"][4] == "1 h 00 min ago silent"


def test_cameras_with_the_alert_that_stands(busy: Floor) -> None:
    since: Any = NOW.replace(hour=14)
    times = {"onset_at": since, "detected_at": since, "first_detected_at": since}
    alert = {"site": busy.site, "camera": busy.cameras["C1"], "opened_at": since, **times}
    Alert.objects.create(reasons=["volume"], model_version="new", **alert)
    ended = {"status": "resolved", "resolution": "fixed", "resolved_at": since}
    Alert.objects.create(reasons=["silence"], model_version="old", **alert, **ended)
    rows = table(browser_for(busy, Role.VIEWER).get("/admin/workers/camera/"))
    assert "fewer events than usual, 4 h 00 min ago" in rows["C1"]
    assert "silent" not in " ".join(rows["C1"])


def test_a_list_to_choose_from_stays_plain(busy: Floor) -> None:
    page = browser_for(busy, Role.ADMIN).get("/admin/workers/worker/?_popup=1")
    assert "column-state" not in page.content.decode()


# Session, user, roles, count and rows; and what each kind shows beside its own columns.
COSTS = {"site": 6, "closure": 7, "shift": 9, "camera": 13, "workstation": 18, "worker": 19}


@pytest.mark.parametrize("kind", COSTS)
def test_a_long_list_costs_what_a_short_one_costs(kind: str, busy: Floor) -> None:
    browser = browser_for(busy, Role.ADMIN)
    few = cost_of(browser, kind)
    assert few == COSTS[kind]
    for number in range(10, 30):
        busy.add_worker(f"W{number}", shifts=["Late"])
        busy.add_station(f"S{number}")
        busy.add_camera(f"C{number}", ttl=60).workstations.set(busy.stations.values())
        busy.add_shift(f"Extra {number}", "06:00", "14:00", ("10:00", "10:30"))
        busy.close("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z")
    busy.put(*(event(f"{TODAY}17:00:00Z", f"W{n}", f"S{n}") for n in range(10, 30)))
    assert cost_of(browser, kind) == few


def test_many_sites_on_a_page_cost_no_more_than_ten(busy: Floor) -> None:
    user = User.objects.create_user("root", is_superuser=True)
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    for number in range(20, 34):
        site = Site.objects.create(code=f"X{number}", name="X")
        site.workers.create(code="W1", name="X")
    ten = cost_of(browser, "worker")
    for number in range(34, 40):
        site = Site.objects.create(code=f"X{number}", name="X")
        site.workers.create(code="W1", name="X")
    assert cost_of(browser, "worker") == ten


def cost_of(browser: Client, kind: str) -> int:
    browser.get(f"/admin/workers/{kind}/")  # master data is read once per revision
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(f"/admin/workers/{kind}/").status_code == 200
    return len(queries)


def test_a_cameras_alert_leads_to_its_page(floor: Floor) -> None:
    alert = Alert.objects.create(
        site=floor.site,
        camera=floor.cameras["C1"],
        reasons=["mean"],
        onset_at=NOW,
        detected_at=NOW,
        first_detected_at=NOW,
        opened_at=NOW,
    )
    page = browser_for(floor, Role.MANAGER).get("/admin/workers/camera/").content.decode()
    assert f'href="/admin/drift/alert/{alert.pk}/change/"' in page
