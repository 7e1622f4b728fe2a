"""What the start page asks its reader to look at, and that each link leads to just that."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from time_machine import TimeMachineFixture

from events.models import RefusedEvent
from tests.floor import NOW, Floor, after, event
from workers.models import Camera, IngestKey, Membership, Role, Site, User
from workers.start_page import Card

pytestmark = pytest.mark.django_db
BACKEND = "workers.authentication.MembershipBackend"
OWN_CARDS = [
    "workers.start_cards.worker",
    "workers.start_cards.silent",
    "events.start_cards.refused",
    "workers.start_cards.keys",
    "workers.start_cards.recalculation",
    "metrics.start_cards.coverage",
]


@pytest.fixture(autouse=True)
def own_cards(settings: Settings) -> None:
    """Those of other apps have tests of their own."""
    settings.START_PAGE_CARDS = OWN_CARDS
    settings.WORKER_TASKS = []


@pytest.fixture
def running(floor: Floor) -> Floor:
    """Half an hour into a shift, every worker seen, both cameras heard."""
    floor.add_shift("Late", "17:30", "22:00")
    start = after(NOW, minutes=-30)
    floor.put(*(event(start, f"W{n}", f"S{n}") for n in range(1, 6)))
    floor.put(event(start, "W5", "S5", camera_id="C2"), Authorization=f"Bearer {floor.gateway}")
    return floor


def reader(floor: Floor, role: str = Role.ADMIN) -> Client:
    return let_in(floor.add_member(f"the {role}", role))


def let_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def titles(client: Client) -> list[str]:
    return [card.title for card in attention(client)]


def attention(client: Client) -> list[Card]:
    page = client.get("/admin/")
    assert page.status_code == 200
    return page.context["attention"]


def card(client: Client, title: str) -> Card:
    return next(each for each in attention(client) if each.title == title)


def listed(client: Client, url: str) -> set[str]:
    return {str(row) for row in client.get(url).context["cl"].result_list}


def reasons(client: Client, url: str) -> list[str]:
    return [row.code for row in client.get(url).context["cl"].result_list]


# --- Calm -------------------------------------------------------------------------------------


def test_where_all_is_well_the_page_says_so(running: Floor) -> None:
    client = reader(running)
    page = client.get("/admin/")
    assert page.context["attention"] == []
    assert "Nothing needs your attention" in page.content.decode()
    (coverage,) = page.context["figures"]
    assert (coverage.number, coverage.lines[0].share) == ("100.0 %", 100.0)
    assert client.get(coverage.lines[0].url).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_start_page(role: str, running: Floor) -> None:
    assert attention(reader(running, role)) == []


# --- Silent cameras ---------------------------------------------------------------------------


def silence(floor: Floor, code: str, minutes: int, *, every_s: int | None = 60) -> None:
    Camera.objects.filter(site=floor.site, code=code).update(
        last_seen_at=NOW - timedelta(minutes=minutes), reporting_interval_s=every_s
    )


def test_silent_cameras_are_named_and_the_link_lists_just_them(running: Floor) -> None:
    silence(running, "C1", 3)
    silence(running, "C2", 2)
    client = reader(running)
    found = card(client, "Silent cameras")
    assert (found.number, [line.note for line in found.lines]) == ("1", ["3 min ago"])
    assert listed(client, found.url) == {"C1 Camera 1"}
    assert client.get(found.lines[0].url).status_code == 200


@pytest.mark.parametrize(
    "minutes, every_s, is_silent",
    [
        (2, 60, False),  # two reports may be lost
        (3, 60, True),
        (20, None, False),  # without an interval the ttl stands for three: here 25 min
        (25, None, True),
    ],
)
def test_three_reports_are_waited_for(
    minutes: int, every_s: int | None, is_silent: bool, running: Floor
) -> None:
    Camera.objects.update(state_ttl_s=25 * 60, last_seen_at=NOW)
    silence(running, "C1", minutes, every_s=every_s)
    assert ("Silent cameras" in titles(reader(running))) == is_silent


def test_only_scheduled_time_counts(running: Floor, still_clock: TimeMachineFixture) -> None:
    silence(running, "C1", 600, every_s=20 * 60)
    client = reader(running)
    assert titles(client) == []  # half an hour of the shift is over: one report was due
    still_clock.shift(31 * 60)
    assert "Silent cameras" in titles(client)
    still_clock.move_to(NOW.replace(hour=23), tick=False)
    assert "Silent cameras" not in titles(client)  # nobody works


def test_a_camera_never_heard_is_silent_and_a_retired_one_is_not(running: Floor) -> None:
    running.add_camera("C3", ttl=60)
    running.add_camera("C4", ttl=60, active_until=date(2026, 6, 1))
    running.add_camera("C5", ttl=60, active_from=date(2026, 7, 1))
    client = reader(running)
    found = card(client, "Silent cameras")
    assert [line.note for line in found.lines] == ["never heard"]
    assert listed(client, found.url) == {"C3 C3"}


def test_a_camera_never_heard_leads_its_admin_to_connect_it(running: Floor) -> None:
    camera = running.add_camera("C3", ttl=60)
    line = card(reader(running, Role.ADMIN), "Silent cameras").lines[0]
    assert line.url == f"/admin/connect/{running.site.pk}/{camera.pk}/"


def test_a_camera_never_heard_spoils_no_figures(running: Floor) -> None:
    running.add_camera("C3", ttl=60)
    assert card(reader(running), "Silent cameras").level == "attention"


# --- Refused events ---------------------------------------------------------------------------


def test_refused_events_are_told_by_reason_the_newest_first(
    running: Floor, still_clock: TimeMachineFixture
) -> None:
    still_clock.shift(-60)
    running.post(event(after(NOW), "W9"), event(after(NOW, seconds=1), "W9"))
    still_clock.shift(60)
    running.post(event(after(NOW), station="S9"))
    client = reader(running)
    found = card(client, "Refused events")
    assert found.number == "3"
    assert [(line.text, line.note) for line in found.lines] == [
        ("unknown_workstation ×1", "0 s ago"),
        ("unknown_worker ×2", "1 min ago"),
    ]
    assert reasons(client, found.url) == ["unknown_workstation", *["unknown_worker"] * 2]
    assert reasons(client, found.lines[1].url) == ["unknown_worker"] * 2


def test_what_was_refused_long_ago_is_no_news(running: Floor) -> None:
    running.post(event(after(NOW), "W9"), event(after(NOW), "W8"))
    day_before = NOW - timedelta(days=1, seconds=1)
    RefusedEvent.objects.filter(detail__contains="W9").update(last_received_at=day_before)
    client = reader(running)
    found = card(client, "Refused events")
    rows = client.get(found.url).context["cl"].result_list
    assert (found.number, [row.detail for row in rows]) == (
        "1",
        ["There is no worker 'W8' at this site"],
    )


def test_viewers_are_not_told_of_refused_events(running: Floor) -> None:
    running.post(event(after(NOW), "W9"))
    assert titles(reader(running, Role.VIEWER)) == []
    assert titles(reader(running, Role.MANAGER)) == ["Refused events"]


# --- Keys, sums, the worker -------------------------------------------------------------------


def test_keys_that_end_soon_are_named_and_the_link_lists_just_them(running: Floor) -> None:
    IngestKey.objects.filter(camera__code="C1").update(expires_at=NOW + timedelta(days=3))
    client = reader(running)
    found = card(client, "Keys about to expire")
    assert [(line.text, line.note) for line in found.lines] == [("C1 Camera 1", "in 3 days")]
    assert listed(client, found.url) == {str(IngestKey.objects.get(camera__code="C1"))}
    assert titles(reader(running, Role.REVIEWER)) == []


def test_waiting_sums_are_named_and_the_link_lists_just_their_sites(running: Floor) -> None:
    other = Site.objects.create(code="F2", name="Other")
    client = reader(running)
    Membership.objects.create(user=User.objects.get(username="the admin"), site=other, role="admin")
    Site.objects.filter(pk=running.site.pk).update(recalculation_due_at=NOW - timedelta(hours=2))
    found = card(client, "Sums waiting for recalculation")
    assert [(line.text, line.note) for line in found.lines] == [
        ("Floor F1", "changed 2 h 00 min ago")
    ]
    assert listed(client, found.url) == {"Floor F1"}


def test_admins_are_told_that_the_worker_is_not_running(running: Floor, settings: Settings) -> None:
    settings.WORKER_TASKS = [("metrics.rebuild.rebuild_due", 5)]
    assert titles(reader(running)) == ["The worker isn't running"]
    assert titles(reader(running, Role.MANAGER)) == []


def test_too_little_seen_asks_for_attention_once_the_shift_has_settled(
    running: Floor, still_clock: TimeMachineFixture
) -> None:
    Camera.objects.update(state_ttl_s=7 * 24 * 3600)
    running.add_worker("W6")
    running.add_worker("W7")
    client = reader(running)
    assert titles(client) == ["Coverage by site"]
    assert card(client, "Coverage by site").lines[0].note == "71.4 % · Late, running"
    cache.clear()
    still_clock.shift(-60)
    assert titles(client) == []


def test_what_is_wrong_comes_before_what_can_wait(running: Floor) -> None:
    running.post(event(after(NOW), "W9"))
    silence(running, "C1", 5)
    assert titles(reader(running)) == ["Silent cameras", "Refused events"]


def test_nothing_is_told_of_sites_that_are_not_ones_own(running: Floor) -> None:
    other = Floor("F2")
    other.post(event(after(NOW), "W9"))
    IngestKey.objects.filter(site=other.site).update(expires_at=NOW + timedelta(days=3))
    Site.objects.filter(pk=other.site.pk).update(recalculation_due_at=NOW)
    client = reader(running)
    assert attention(client) == []
    assert "F2" not in client.get("/admin/").content.decode()
    superuser = let_in(User.objects.create_superuser("root"))
    assert titles(superuser) == [
        "Silent cameras",
        "Refused events",
        "Keys about to expire",
        "Sums waiting for recalculation",
    ]


# --- Setting up -------------------------------------------------------------------------------


def steps(client: Client) -> list[tuple[str, bool]]:
    (checklist,) = client.get("/admin/").context["checklists"]
    return [(step.title, step.is_done) for step in checklist.steps]


def following(client: Client) -> Any:
    (checklist,) = client.get("/admin/").context["checklists"]
    return next(step for step in checklist.steps if step.is_next)


def add_site(root: Client) -> None:
    Site.objects.create(code="F1", name="Plant", time_zone="UTC")


def add_shift(root: Client) -> None:
    site = Site.objects.get()
    site.shifts.create(name="Early", start=time(6), end=time(14))


def add_worker(root: Client) -> None:
    Site.objects.get().workers.create(code="W1", name="Ada")


def add_workstation(root: Client) -> None:
    Site.objects.get().workstations.create(code="S1", name="Press")


def add_camera(root: Client) -> None:
    Site.objects.get().cameras.create(code="C1", name="Above")


def add_key(root: Client) -> None:
    following_url = following(root).url
    form = {"site": Site.objects.get().pk, "camera": Camera.objects.get().pk}
    assert f"site={form['site']}&camera={form['camera']}" in following_url
    root.post(following_url, form)


WAY: list[tuple[str, Callable[[Client], None]]] = [
    ("Site", add_site),
    ("Shift", add_shift),
    ("Workers", add_worker),
    ("Workstations", add_workstation),
    ("Camera", add_camera),
    ("Key", add_key),
]


def test_an_empty_server_is_set_up_step_by_step(still_clock: TimeMachineFixture) -> None:
    root = let_in(User.objects.create_superuser("root"))
    for number, (title, do) in enumerate(WAY):
        assert [done for _, done in steps(root)] == [n < number for n in range(7)]
        assert following(root).title == title
        assert root.get(following(root).url).status_code == 200
        do(root)
    assert following(root).title == "First event"
    assert "Send an event" in root.get(following(root).url).content.decode()


def test_each_step_done_leads_to_what_there_is(floor: Floor) -> None:
    client = reader(floor)
    floor.add_shift("Early", "06:00", "14:00")
    (checklist,) = client.get("/admin/").context["checklists"]
    assert checklist.done == 6
    assert [client.get(step.url).status_code for step in checklist.steps] == [200] * 7


def test_the_first_event_ends_it(floor: Floor) -> None:
    client = reader(floor)
    assert client.get("/admin/").context["checklists"]
    floor.post(event(after(NOW), "W9"))
    assert client.get("/admin/").context["checklists"]  # refused is not in
    floor.put(event(after(NOW)))
    assert client.get("/admin/").context["checklists"] == []


def test_members_who_can_not_set_up_get_no_checklist(floor: Floor) -> None:
    assert reader(floor, Role.REVIEWER).get("/admin/").context["checklists"] == []


# --- Cost -------------------------------------------------------------------------------------


def cost(client: Client) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        attention(client)
    return len(queries)


def test_the_page_costs_the_same_however_much_there_is_to_say(running: Floor) -> None:
    client = reader(running)
    running.post(event(after(NOW), "W9"))
    silence(running, "C1", 5)
    attention(client)  # master data is in memory from here on
    first = cost(client)
    for number in range(10, 40):
        running.add_camera(f"C{number}", ttl=60)
        running.new_key(expires_at=NOW + timedelta(days=1))
    running.post(*(event(after(NOW, seconds=n), f"X{n}") for n in range(40)))
    attention(client)
    assert (cost(client), first) == (first, 14)


def test_of_many_sites_only_the_first_show_their_coverage(running: Floor) -> None:
    root = let_in(User.objects.create_superuser("root"))
    for number in range(10, 17):
        Site.objects.create(code=f"G{number}", name=f"Plant {number}")
    attention(root)
    eight = cost(root)
    for number in range(17, 30):
        Site.objects.create(code=f"G{number}", name=f"Plant {number}")
    attention(root)
    assert cost(root) == eight
