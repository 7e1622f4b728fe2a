"""An alert asks people about events of both sides of its onset, mixed, and tells them nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from common.instants import to_ms
from drift.models import Alert, AlertTransition, ReviewItem
from drift.reviewing.queue import queue_alert
from events.models import Snapshot
from tests.drift.review_desk import Desk, now_ms
from tests.floor import HOUR, Floor, after, event
from workers.models import Role

BACKEND = "workers.authentication.MembershipBackend"


@pytest.fixture
def desk(floor: Floor) -> Desk:
    """Nothing is chosen but what an alert asks for."""
    desk = Desk(floor)
    desk.plan(per_week=0, per_week_to_train=0)
    return desk


def open_alert(desk: Desk, *, onset: timedelta = timedelta(hours=2), **more: object) -> Alert:
    """On C1, since so long."""
    onset_ms = to_ms(clock.now() - onset)
    fields = {
        "site": desk.site,
        "camera": desk.floor.cameras["C1"],
        "model_version": "v1",
        "onset_at": onset_ms,
        "detected_at": onset_ms + HOUR,
        "first_detected_at": onset_ms + HOUR,
        "opened_at": now_ms(),
        **more,
    }
    alert = Alert.objects.create(**fields)
    alert.refresh_from_db()
    return alert


def see(desk: Desk, number: int, *, hours: float, worker: str = "W1", **more: object) -> None:
    """So many events of version v1, one a minute, that end so many hours ago."""
    end = clock.now() - timedelta(hours=hours)
    kinds = {"model_version": "v1", **more}
    desk.floor.put(*(event(after(end, minutes=-n), worker, **kinds) for n in range(1, number + 1)))


def sides() -> dict[str, int]:
    found = list(ReviewItem.objects.filter(purpose="alert").values_list("side", flat=True))
    return {side: found.count(side) for side in sorted(set(found))}


def test_fifty_of_either_side_are_asked_for(desk: Desk) -> None:
    see(desk, 100, hours=0.1)
    see(desk, 100, hours=24 * 4)
    assert queue_alert(open_alert(desk)) == 100
    assert sides() == {"after": 50, "reference": 50}
    assert {item.probability for item in desk.items()} == {0.5}


def test_of_fewer_all_are_asked_for(desk: Desk) -> None:
    see(desk, 7, hours=0.1)
    see(desk, 3, hours=24 * 4)
    queue_alert(open_alert(desk))
    assert sides() == {"after": 7, "reference": 3}


def test_the_sides_are_mixed(desk: Desk) -> None:
    see(desk, 100, hours=0.1)
    see(desk, 100, hours=24 * 4)
    queue_alert(open_alert(desk))
    first = [item.side for item in desk.items()][:50]
    assert 15 < first.count("after") < 35


def test_after_is_after_the_onset_and_the_reference_is_the_first_week(desk: Desk) -> None:
    see(desk, 60, hours=1)  # on either side of the onset
    see(desk, 5, hours=24 * 9)
    see(desk, 5, hours=24 * 3)
    alert = open_alert(desk, onset=timedelta(hours=1, minutes=30))
    queue_alert(alert)
    assert sides() == {"after": 30, "reference": 10}
    for item in desk.items(side="after"):
        assert item.occurred_at >= alert.onset_at


def test_other_cameras_and_versions_are_left_alone(desk: Desk) -> None:
    see(desk, 4, hours=0.1)
    see(desk, 4, hours=0.1, worker="W2", model_version="v2")
    see(desk, 4, hours=0.1, worker="W3", restated=True)
    end = clock.now() - timedelta(minutes=5)
    other = {"model_version": "v1", "camera_id": "C2"}
    desk.floor.put(event(after(end), "W4", **other), key=desk.floor.gateway)
    queue_alert(open_alert(desk))
    assert sides() == {"after": 4}


def test_asking_again_asks_for_nothing_twice(desk: Desk) -> None:
    see(desk, 100, hours=0.1)
    alert = open_alert(desk)
    queue_alert(alert)
    assert queue_alert(alert) == 0
    assert sides() == {"after": 50}


def test_silence_leaves_nothing_to_look_at(desk: Desk) -> None:
    see(desk, 4, hours=0.1)
    assert queue_alert(open_alert(desk, is_live=True)) == 0


def test_what_was_accepted_as_the_new_normal_is_the_reference_from_then_on(desk: Desk) -> None:
    see(desk, 5, hours=24 * 9)
    see(desk, 3, hours=24 * 5)
    before = open_alert(
        desk,
        onset=timedelta(days=6),
        status="resolved",
        resolved_at=now_ms(),
        resolution="new_normal",
    )
    AlertTransition.objects.create(
        alert=before,
        kind="resolved",
        at=now_ms(),
        recorded_at=now_ms(),
        is_decision=True,
        resolution="new_normal",
        onset_at=before.onset_at,
    )
    queue_alert(open_alert(desk))
    assert sides() == {"reference": 3}


def test_a_long_reference_is_looked_at_here_and_there(desk: Desk) -> None:
    """A week with an event every ten minutes: short stretches of it, spread over all days."""
    end = clock.now() - timedelta(hours=24)
    rows = [event(after(end, minutes=-10 * n), model_version="v1") for n in range(1_000)]
    desk.floor.put(*rows)
    queue_alert(open_alert(desk))
    days = {item.occurred_at.date() for item in desk.items(side="reference")}
    assert sides() == {"reference": 50}
    assert len(days) >= 5


def test_where_a_camera_sends_pictures_both_sides_have_them(desk: Desk) -> None:
    camera = desk.floor.cameras["C1"]
    for name, hours in (("new", 0.5), ("old", 24 * 4)):
        taken = clock.now() - timedelta(hours=hours)
        Snapshot.objects.create(
            public_id=name,
            site=desk.site,
            camera=camera,
            taken_at=to_ms(taken),
            received_at=now_ms(),
            width=1,
            height=1,
            size=1,
            sha256=name,
        )
        row = event(after(taken, seconds=3), model_version="v1", snapshot_id=name)
        desk.floor.put(row, event(after(taken, seconds=-20), model_version="v1"))
    queue_alert(open_alert(desk))
    shown = {item.side: item.event.snapshot_id for item in desk.items()}
    assert shown == {"after": "new", "reference": "old"}


def test_reviews_of_both_sides_can_be_compared(desk: Desk) -> None:
    see(desk, 40, hours=0.1)
    see(desk, 40, hours=24 * 4)
    alert = open_alert(desk)
    queue_alert(alert)
    for item in desk.items():
        word = "rejected" if item.side == "after" and item.pk % 2 else "confirmed"
        assert desk.say(item, word).status_code == 201
    manager = Client()
    manager.force_login(desk.floor.add_member("max", Role.MANAGER), backend=BACKEND)
    text = manager.get(f"/admin/drift/alert/{alert.pk}/change/").content.decode()
    rows = re.findall(r'row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', text)
    assert [row[:2] for row in rows] == [
        ("from the reference", "40 of 40"),
        ("after the onset", "40 of 40"),
    ]
    assert [row[2].split(" (")[0] for row in rows] == ["100.0 %", "50.0 %"]


def test_a_manager_is_not_led_to_the_queue(desk: Desk) -> None:
    see(desk, 4, hours=0.1)
    alert = open_alert(desk)
    queue_alert(alert)
    manager = Client()
    manager.force_login(desk.floor.add_member("max", Role.MANAGER), backend=BACKEND)
    text = manager.get(f"/admin/drift/alert/{alert.pk}/change/").content.decode()
    assert "What reviewers found" in text
    assert "/queue/?site=" not in text


def test_they_count_in_no_precision_of_the_version(desk: Desk) -> None:
    see(desk, 4, hours=0.1)
    queue_alert(open_alert(desk))
    for item in desk.items():
        desk.say(item, "rejected")
    assert desk.call("GET", "precision/?site=F1").json() == {"results": []}
