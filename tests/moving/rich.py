"""A site in which there is some of everything, made through the doors that people and cameras use."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from django.core.management import call_command
from PIL import Image

from common import clock
from common.instants import to_ms, to_rfc3339
from demo.keys import create_key
from drift.models import (
    Alert,
    MaintenanceWindow,
    OutboxMessage,
    Recipient,
    ReviewPlan,
    Webhook,
    WatchRules,
)
from drift.notifying import outbox, signing
from drift.reviewing import queue, retraining
from events.models import Event
from tests.drift.camera_days import falls, reports
from tests.floor import HOUR, MINUTE, NOW, Floor, Json, count, event
from workers import keys, pseudonyms, registry, screens
from workers.models import (
    Closure,
    IngestKey,
    Invitation,
    Membership,
    Role,
    ShiftAssignment,
    User,
    WallScreen,
)

WHENCE = "C1"


def rich(code: str = "F1", *, seed: int = 7) -> Floor:
    """As said above; the same seed gives the same events."""
    floor, dice = Floor(code, zone="Europe/Berlin"), Random(seed)
    _master_data(floor)
    _facts(floor, dice)
    call_command("check_drift", "--until", NOW.isoformat(), verbosity=0)
    _reviews(floor)
    _people_and_messages(floor)
    return floor


def log(dice: Random, *, size: int = 300, days: int = 3) -> list[Json]:
    """Events of the last days at any instant, in any order; some are numbered."""
    now, found = to_ms(NOW), []
    for number in range(size):
        instant = now - dice.randrange(days * 24 * HOUR)
        kind = dice.choice(["working", "working", "idle", "absent", "product_count"])
        more: Json = {"camera_id": dice.choice(["C1", "C2"])}
        if kind == "product_count":
            more["count"] = dice.randrange(9)
        if number % 7:
            more |= {"seq": number, "seq_run": "a"}
        worker, station = f"W{dice.randrange(1, 5)}", f"S{dice.randrange(1, 5)}"
        confidence = dice.choice([None, 0.31, 0.62, 0.97, 1.0])
        found.append(
            event(to_rfc3339(instant), worker, station, kind, confidence=confidence, **more)
        )
    return found


def _master_data(floor: Floor) -> None:
    floor.add_shift("early", "06:00", "14:00", ("10:00", "10:30"))
    floor.add_shift("night", "22:00", "06:00")
    floor.close("00:00", "02:00")
    worker = floor.add_worker("W6", shifts=["early"], active_until=date(2026, 6, 17))
    ShiftAssignment.objects.create(worker=worker, shift_name="night", valid_from=date(2026, 7, 1))
    worker.name = "Renamed"
    registry.save_worker(worker)
    camera = floor.cameras["C1"]
    registry.save_camera(camera, at=clock.now(), workstations={"S1", "S2"}, model_version="v1")
    station = floor.stations["S1"]
    station.name = "Press"
    registry.save_workstation(station, target_per_hour=Decimal(12))
    gone = floor.add_camera("C9", ttl=60)
    gone.name = "Was moved"
    registry.save(gone)
    registry.delete(gone)
    pseudonyms.pseudonymise([floor.workers["W5"]])
    Closure.objects.get(site=floor.site).delete()
    floor.close("00:00", "02:30")
    MaintenanceWindow.objects.create(
        camera=camera, starts_at=NOW, ends_at=NOW + timedelta(hours=1), reason="Lens"
    )


def _facts(floor: Floor, dice: Random) -> None:
    events = log(dice)
    public_id = _picture(floor)
    events[5]["snapshot_id"] = public_id
    for start in range(0, len(events), 40):
        floor.post(*events[start : start + 40], key=floor.gateway)
    floor.put(*reports(falls("12:00")), key=floor.gateway)  # its confidence falls: an alert
    floor.post(event("08:00", "nobody"), event("08:00", "W1", "nowhere"), key=floor.gateway)
    floor.send(b'{"timestamp": "\\u00e4", "worker_id": 7}', key=floor.gateway)
    floor.post(*(event("08:00", "nobody"), count("08:00", 5, worker="W2")), key=floor.gateway)


def _picture(floor: Floor, colour: str = "red") -> str:
    file = BytesIO()
    Image.new("RGB", (16, 8), colour).save(file, "PNG")
    file.name, _ = "picture.png", file.seek(0)
    response = floor.client.post(
        "/api/v1/snapshots/",
        {"image": file, "camera_id": WHENCE},
        headers={"Authorization": f"Bearer {floor.gateway}"},
        format="multipart",
    )
    assert response.status_code == 201, response.content
    public_id: str = response.json()["id"]
    return public_id


def _reviews(floor: Floor) -> None:
    ReviewPlan.objects.create(site=floor.site, per_week=100_000)
    queue.tend_queue(to_ms(clock.now()))
    own = Event.objects.filter(site=floor.site).order_by("pk")
    some = list(own.exclude(event_type="product_count")[:200:20])
    for each, word in zip(some, ["confirmed", "rejected", "unclear"] * 2, strict=False):
        floor.say(each, word)
    floor.say(some[6], "relabelled", event_type="idle", worker_id="W3")
    floor.say(some[7], "rejected", reason="a shadow")
    floor.unsay(some[7])
    alert = Alert.objects.filter(site=floor.site, is_live=False).order_by("pk").first()
    assert alert is not None
    rosa = User.objects.get(username="rosa")
    retraining.freeze(alert, by=rosa, now_ms=to_ms(clock.now()))


def _people_and_messages(floor: Floor) -> None:
    site, now = floor.site, clock.now()
    registry.save(WatchRules(site=site, camera=floor.cameras["C2"], floor="0.700"))
    registry.save(Recipient(site=site, address="desk@example.com"))
    rosa = User.objects.get(username="rosa")
    User.objects.filter(pk=rosa.pk).update(email="rosa@example.com")
    Recipient.objects.create(site=site, user=rosa)
    hook = Webhook(site=site, url="https://hooks.example.com/a")
    signing.issue(hook)
    hook.save()
    outbox.announce(
        site_id=site.pk, kind="alert.opened", subject="Once", text="…", data={}, at=to_ms(now)
    )
    sent = OutboxMessage.objects.filter(site=site).order_by("pk").first()
    assert sent is not None
    OutboxMessage.objects.filter(pk=sent.pk).update(sent_at=to_ms(now))
    screens.create(WallScreen(site=site, name="Hall 2"), at=now)
    floor.new_key(floor.cameras["C2"])
    keys.revoke(IngestKey.objects.filter(site=site).latest("pk"), at=now)
    if not IngestKey.objects.filter(is_demo=True).exists():
        create_key(floor.cameras["C2"], at=now)
    Invitation.objects.create(
        site=site,
        role=Role.VIEWER,
        token_hash=f"{site.pk}",
        invited_by=rosa,
        created_at=now,
        expires_at=now,
    )
    membership = Membership.objects.get(site=site, user=rosa)
    membership.role = Role.ADMIN
    membership.save()


def the_late_ones() -> list[Json]:
    """Events that come after the move: some new, some late, one that is known, one refused."""
    dice = Random(99)
    now = to_ms(NOW)
    fresh = [
        event(to_rfc3339(now - minute * MINUTE), f"W{dice.randrange(1, 5)}", "S1")
        for minute in range(1, 30, 3)
    ]
    late = [
        event(to_rfc3339(now - hour * HOUR - 1), "W2", "S2", "idle") for hour in range(3, 60, 7)
    ]
    said = [*fresh, *late, fresh[0], event("08:00", "nobody")]
    return [each | {"camera_id": "C1"} for each in said]


def member_names(site_id: int) -> list[str]:
    rows: Any = Membership.objects.filter(site=site_id).order_by("user__username")
    return list(rows.values_list("user__username", flat=True))
