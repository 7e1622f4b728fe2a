"""The page of all cameras' recognition: whom it is for, what it says of each, and what it costs."""

import csv
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drift.models import Alert, ReviewItem, Segment
from events.models import Event, Verdict
from tests.drift.camera_days import check, falls, reports, send, steady
from tests.floor import NOW, Floor, after, event, ms
from workers.models import Camera, Role

PATH = "/sites/F1/recognition/"
SCRIPT = "<img src=x onerror=alert(1)>"


@pytest.fixture
def read(floor: Floor) -> Any:
    """What the page says to the manager, as one line of text."""

    def ask(query: str = "", by: Any = None) -> str:
        return _client(by or floor.manager).get(PATH + query).content.decode()

    return ask


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="workers.authentication.MembershipBackend")
    return client


def _text(html: str) -> str:
    return " ".join(html.partition("<main")[2].split())


def test_it_is_for_managers(floor: Floor) -> None:
    answer = _client(floor.add_member("vera", Role.VIEWER)).get(PATH)
    assert answer.status_code == 403
    assert "How cameras recognise is for managers" in answer.content.decode()
    assert PATH not in answer.content.decode().partition("</nav>")[0].partition("Pages")[2]


def test_period_and_site_stay_in_its_links(read: Any) -> None:
    html = read("?period=7d")
    assert f"{PATH}?period=30d" in html
    assert "/sites/F1/workstations/?period=7d" in html
    assert 'aria-current="page">Recognition' in html


def test_a_camera_that_has_said_nothing_says_what_fills_its_card(read: Any) -> None:
    html = read()
    assert "as soon as its events carry one" in html
    assert "heard never" in html
    assert "2 cameras, nothing needs attention" in html


def test_a_site_without_cameras_says_where_to_add_them(floor: Floor, read: Any) -> None:
    Camera.objects.all().delete()
    assert "No camera yet" in read()


def test_in_its_first_days_a_camera_says_that_it_learns(floor: Floor, read: Any) -> None:
    send(floor, reports(steady, start=ms("00:00"), day=1))
    assert "Learns what is usual here" in read()


def test_a_steady_camera_is_as_usual(floor: Floor, read: Any) -> None:
    send(floor, reports(steady, day=1))
    html = _text(read())
    assert "As usual</p>" in html
    assert ">.92</p>" in html
    assert "usual .93, floor .85; mean of 176 events in 24 hours" in html
    assert 'class="curve-band"' in html
    assert 'class="curve-floor"' in html


def test_an_alert_is_told_with_since_when_and_why_before_all_others(
    floor: Floor, read: Any
) -> None:
    send(floor, reports(steady, day=1, camera="C1"))
    send(floor, reports(falls("08:00", day=1), day=1, camera="C2", worker_id="W2"))
    check("18:00", day=1)
    html = _text(read())
    assert "1 camera needs attention" in html
    assert html.index(">C2<") < html.index(">C1<")
    assert "Recognition less sure (working .93 → .80)" in html
    assert "since Wed 17 Jun 08:00" in html


def test_a_mean_below_the_floor_is_marked(floor: Floor, read: Any) -> None:
    send(floor, reports(falls("00:00", day=0), day=1))
    assert "health-mean nums is-low" in read()


def test_days_of_the_drawing_are_told_as_numbers(floor: Floor, read: Any) -> None:
    send(floor, reports(falls("00:00", day=1), day=1))
    html = _text(read())
    assert '<th scope="row">Tue 16 Jun</th><td class="num">.93</td><td class="num">.93</td>' in html
    assert '<th scope="row">Wed 17 Jun</th><td class="num">.80</td><td class="num">.93</td>' in html


def test_numbers_of_all_drawings_can_be_taken_along(floor: Floor, read: Any) -> None:
    send(floor, reports(falls("00:00", day=1), day=1))
    rows = list(csv.DictReader(io.StringIO(read("?period=7d&format=csv").removeprefix("\ufeff"))))
    (last,) = [row for row in rows if row["day"] == "2026-06-17"]
    assert last["camera_id"] == "C1"
    assert float(last["mean_confidence"]) == pytest.approx(0.80, abs=0.005)
    assert float(last["usual_confidence"]) == pytest.approx(0.93, abs=0.005)


def test_completeness_is_of_the_period(floor: Floor, read: Any) -> None:
    floor.put(event("08:00", seq=1, seq_run="a"), event("08:20", seq=4, seq_run="a"))
    html = read("?start=2026-06-16T00:00:00Z&end=2026-06-17T00:00:00Z")
    assert "50.0 %" in html
    assert "2 numbered events are missing" in html
    assert "2 numbered events are missing" not in read("?period=live")
    assert "an edge agent would number them" in read("?period=live")


@pytest.mark.parametrize("reviewed, told", [(0, "not reviewed"), (5, "not enough"), (40, "to ")])
def test_precision_comes_with_its_interval_or_not_at_all(
    floor: Floor, read: Any, reviewed: int, told: str
) -> None:
    send(floor, reports(steady, day=1))
    for number, fact in enumerate(Event.objects.order_by("occurred_at")[:reviewed]):
        floor.say(fact, "rejected" if number % 10 == 0 else "confirmed")
        _chosen(fact, Verdict.objects.get(event=fact).pk)
    html = _text(read()).partition("Right, by review")[2].partition("</dd>")[0]
    assert told in html
    assert ("90.0 %" in html) == (reviewed == 40)


def _chosen(fact: Event, verdict_id: int) -> None:
    ReviewItem.objects.create(
        event=fact,
        occurred_at=fact.occurred_at,
        site_id=fact.site_id,
        camera_id=fact.camera_id,
        event_type=fact.event_type,
        purpose="measure",
        probability=1.0,
        rank=1,
        chosen_at=fact.occurred_at,
        verdict_id=verdict_id,
        status=ReviewItem.Status.DONE,
        done_at=fact.occurred_at,
    )


def test_names_that_look_like_script_are_text(floor: Floor, read: Any) -> None:
    floor.cameras["C1"].name = SCRIPT
    floor.cameras["C1"].save()
    assert SCRIPT not in read()
    assert "&lt;img src=x" in read()


def test_another_site_s_cameras_and_alerts_stay_there(floor: Floor, read: Any) -> None:
    other = Floor("F2")
    Camera.objects.filter(site=other.site).update(name="Quox")
    assert "Quox" not in read()


def test_many_cameras_stand_on_pages(floor: Floor, read: Any) -> None:
    _add_cameras(floor, 30)
    first, third, wrong = read("?period=7d"), read("?period=7d&page=3"), read("?page=x")
    assert (first.count("health-card"), third.count("health-card")) == (12, 8)
    assert "?period=7d&amp;page=2" in first
    assert "Page 1 of 3" in wrong
    assert "Page 3 of 3" in read("?page=99")


@pytest.mark.parametrize("cameras", [2, 100])
def test_it_costs_the_same_however_many_cameras(floor: Floor, cameras: int) -> None:
    _add_cameras(floor, cameras - 2)
    client = _client(floor.manager)
    client.get(PATH)
    assert _statements(client) == 8  # of cameras that were just looked at
    cache.clear()
    assert _statements(client) == 13
    assert Segment.objects.count() == cameras - 2


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(PATH).status_code == 200
    return len(queries)


def test_what_is_kept_ends_with_the_next_evaluation(floor: Floor, read: Any) -> None:
    send(floor, reports(steady, day=1))
    check("12:00", day=1)
    assert ">.92</p>" in read()
    late = [
        event(after(NOW, hours=-3, seconds=n + 1), camera_id="C1", confidence=0.1)
        for n in range(200)
    ]
    send(floor, late)
    check("17:00", day=1)
    assert "health-mean nums is-low" in read()


def _add_cameras(floor: Floor, number: int) -> None:
    """Each has said something, and is silent."""
    added = Camera.objects.bulk_create(
        Camera(site=floor.site, code=f"X{n}", name=f"Camera {n}") for n in range(number)
    )
    floor.site.refresh_from_db()
    floor.site.save()
    if added:
        events = [event(after(NOW, hours=-1, seconds=n), camera_id=f"X{n}") for n in range(number)]
        floor.put(*events, key=floor.gateway)
    for camera in added:
        Alert.objects.create(
            site=floor.site,
            camera=camera,
            is_live=True,
            reasons=["silence"],
            onset_at=NOW,
            detected_at=NOW,
            first_detected_at=NOW,
            opened_at=NOW,
        )
