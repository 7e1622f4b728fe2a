"""What was reviewed is frozen under a hash, handed out to those who train, and asked after."""

import hashlib
import io
import json
import tarfile
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image
from pytest_django import Settings
from time_machine import TimeMachineFixture

from common import clock
from common.instants import to_ms
from drift.models import Alert, OutboxMessage, RetrainingExport, Webhook
from drift.queries.retraining import requests_of
from drift.reviewing import retraining
from events import snapshots
from events.models import Snapshot
from tests.drift.review_desk import Desk, now_ms
from tests.floor import Floor, Json, after, event
from workers.models import Role, User

BACKEND = "workers.authentication.MembershipBackend"


@pytest.fixture
def desk(floor: Floor, settings: Settings, tmp_path: Path) -> Desk:
    settings.EXPORTS_ROOT = tmp_path / "retraining"
    settings.MEDIA_ROOT = tmp_path / "snapshots"
    return Desk(floor)


def picture(desk: Desk, colour: str = "red") -> Snapshot:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return snapshots.keep(
        file.getvalue(),
        site_id=desk.site.pk,
        camera_id=desk.floor.cameras["C1"].pk,
        now_ms=now_ms(),
    )


def reviewed(desk: Desk) -> Snapshot:
    """Three events of v1: one right, one with a picture that is relabelled, one unclear."""
    shown = picture(desk)
    desk.floor.put(
        event(
            after(clock.now(), seconds=-30), "W1", model_version="v1", snapshot_id=shown.public_id
        )
    )
    desk.tend()
    desk.see(2, worker="W2", model_version="v1", camera_id="C1")
    Snapshot.objects.update(taken_at=0)  # so that the others are asked about as well
    desk.tend()
    pictured, right, unclear = sorted(desk.items(purpose="measure"), key=lambda item: item.event_id)
    said = desk.say(pictured, "relabelled", event_type="idle", worker_id="W3", reason="sits")
    assert said.status_code == 201
    desk.say(right, "confirmed")
    desk.say(unclear, "unclear")
    return shown


def wanted(desk: Desk, **more: object) -> retraining.Wanted:
    return retraining.Wanted(desk.site, **more)


def freeze(desk: Desk, **more: object) -> RetrainingExport:
    return retraining.export_reviews(wanted(desk, **more), by=desk.grace, now_ms=now_ms())


def lines_of(export: RetrainingExport) -> list[Json]:
    return [json.loads(line) for line in retraining.manifest_of(export).splitlines()]


def open_alert(desk: Desk) -> Alert:
    onset = to_ms(clock.now() - timedelta(hours=2))
    alert = Alert.objects.create(
        site=desk.site,
        camera=desk.floor.cameras["C1"],
        model_version="v1",
        onset_at=onset,
        detected_at=onset,
        first_detected_at=onset,
        opened_at=now_ms(),
    )
    alert.refresh_from_db()
    return alert


def test_a_line_says_what_the_model_said_what_is_right_and_who_says_so(desk: Desk) -> None:
    shown = reviewed(desk)
    line = lines_of(freeze(desk))[0]
    assert line == {
        "event": line["event"],
        "snapshot": shown.public_id,
        "predicted": {
            "event_type": "working",
            "worker_id": "W1",
            "workstation_id": "S1",
            "count": 0,
            "confidence": 0.95,
        },
        "corrected": {
            "event_type": "idle",
            "worker_id": "W3",
            "workstation_id": "S1",
            "count": 0,
        },
        "verdict": "relabelled",
        "reason": "sits",
        "reviewer": "grace",
        "reviewed_at": "2026-06-17T18:00:00Z",
        "timestamp": "2026-06-17T17:59:30Z",
        "model_version": "v1",
        "camera_id": "C1",
        "probability": 1.0,
        "purpose": "measure",
    }


def test_all_verdicts_that_stand_are_in_it_in_order_of_time(desk: Desk) -> None:
    reviewed(desk)
    assert [line["verdict"] for line in lines_of(freeze(desk))] == [
        "relabelled",
        "confirmed",
        "unclear",
    ]


def test_what_was_undone_is_not(desk: Desk) -> None:
    reviewed(desk)
    desk.take_back(desk.items(event_type="working")[0])
    assert len(lines_of(freeze(desk))) == 2


def test_the_archive_holds_the_pictures_as_they_are_kept(desk: Desk) -> None:
    shown = reviewed(desk)
    export = freeze(desk)
    with tarfile.open(retraining.path_of(export)) as archive, snapshots.open(shown) as kept:
        assert archive.getnames() == ["manifest.jsonl", f"snapshots/{shown.public_id}.jpg"]
        inside = archive.extractfile(f"snapshots/{shown.public_id}.jpg")
        assert inside.read() == kept.read()
    assert (export.events, export.snapshots) == (3, 1)


def test_the_hash_is_that_of_the_bytes(desk: Desk) -> None:
    reviewed(desk)
    export = freeze(desk)
    content = retraining.path_of(export).read_bytes()
    assert export.sha256 == hashlib.sha256(content).hexdigest()
    assert export.size == len(content)


def test_frozen_again_later_it_is_the_same_file(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    reviewed(desk)
    first = freeze(desk)
    time_machine.shift(3600)
    second = freeze(desk)
    assert first.sha256 == second.sha256
    assert len(list(retraining.path_of(first).parent.iterdir())) == 1


def test_another_verdict_gives_another_hash_and_leaves_the_first_alone(desk: Desk) -> None:
    reviewed(desk)
    first = freeze(desk)
    before = retraining.path_of(first).read_bytes()
    desk.say(desk.items()[0], "rejected")
    assert freeze(desk).sha256 != first.sha256
    assert retraining.path_of(first).read_bytes() == before


def test_a_picture_that_was_removed_is_named_and_missing(desk: Desk) -> None:
    shown = reviewed(desk)
    snapshots.remove_expired(now_ms() + 40 * 24 * 3600 * 1000)
    export = freeze(desk)
    assert lines_of(export)[0]["snapshot"] == shown.public_id
    assert export.snapshots == 0


@pytest.mark.parametrize(
    "more, verdicts",
    [
        ({"model_version": "v1"}, 3),
        ({"model_version": "v2"}, 0),
        ({"purposes": ("measure",)}, 3),
        ({"purposes": ("alert",)}, 0),
        ({"window": (0, to_ms(clock.now().replace(year=2026, month=6, day=17)))}, None),
    ],
)
def test_it_can_be_limited(desk: Desk, more: dict[str, object], verdicts: int | None) -> None:
    if verdicts is None:
        more, verdicts = {"window": (now_ms() - 25_000, now_ms())}, 2
    reviewed(desk)
    if not verdicts:
        with pytest.raises(retraining.NothingReviewedError):
            freeze(desk, **more)
        return
    assert len(lines_of(freeze(desk, **more))) == verdicts


def test_another_site_is_not_in_it(desk: Desk) -> None:
    other = Desk(Floor("F2"))
    reviewed(desk)
    with pytest.raises(retraining.NothingReviewedError):
        freeze(other)


# --- Asked for by an alert ------------------------------------------------------------------------


def test_an_alert_freezes_and_announces_with_the_manifests_address(desk: Desk) -> None:
    Webhook.objects.create(site=desk.site, url="https://93.184.215.14/hook")
    reviewed(desk)
    alert = open_alert(desk)
    export = retraining.freeze(alert, by=desk.grace, now_ms=now_ms())
    message = OutboxMessage.objects.get()
    assert message.kind == "retraining.requested"
    assert message.data == {
        "alert_id": alert.pk,
        "camera_id": "C1",
        "model_version": "v1",
        "manifest_url": f"http://127.0.0.1:8000/api/v1/retraining-exports/{export.pk}/manifest/",
        "archive_url": f"http://127.0.0.1:8000/api/v1/retraining-exports/{export.pk}/archive/",
        "sha256": export.sha256,
        "events": 3,
        "snapshots": 1,
    }
    assert message.data["manifest_url"] in message.text


def test_an_alert_without_reviews_asks_all_the_same(desk: Desk) -> None:
    export = retraining.freeze(open_alert(desk), by=desk.grace, now_ms=now_ms())
    assert (export.events, lines_of(export)) == (0, [])


def test_a_request_waits_until_a_newer_version_runs_on_the_camera(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    reviewed(desk)
    retraining.freeze(open_alert(desk), by=desk.grace, now_ms=now_ms())
    (request,) = requests_of(desk.site, until=now_ms())
    assert request.newer is None
    time_machine.shift(3600)
    desk.see(2, model_version="v1")
    assert requests_of(desk.site, until=now_ms())[0].newer is None
    desk.see(4, worker="W4", model_version="v2", confidence=0.8)
    desk.tend()
    for item in desk.items(model_version="v2"):
        desk.say(item, "confirmed")
    (request,) = requests_of(desk.site, until=now_ms())
    assert (request.older.name, request.newer.name) == ("v1", "v2")
    assert (request.newer.events, request.newer.mean_confidence) == (4, pytest.approx(0.8))
    assert (request.older.alerts, request.newer.alerts) == (1, 0)
    assert request.newer.by_type["working"].n == 4
    assert request.older.by_type["working"].n == 2


def test_an_older_version_that_comes_back_is_none_newer(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    desk.see(1, worker="W5", model_version="v0")
    time_machine.shift(3600)
    retraining.freeze(open_alert(desk), by=desk.grace, now_ms=now_ms())
    time_machine.shift(3600)
    desk.see(1, worker="W5", model_version="v0")
    assert requests_of(desk.site, until=now_ms())[0].newer is None


# --- Handed out -----------------------------------------------------------------------------------


def test_the_manifest_and_the_archive_come_by_a_token(desk: Desk) -> None:
    reviewed(desk)
    export = freeze(desk)
    manifest = desk.call("GET", f"retraining-exports/{export.pk}/manifest/")
    archive = desk.call("GET", f"retraining-exports/{export.pk}/archive/")
    assert manifest.headers["Content-Type"] == "application/x-ndjson"
    assert len(manifest.content.splitlines()) == 3
    content = b"".join(archive.streaming_content)
    archive.close()
    assert hashlib.sha256(content).hexdigest() == export.sha256
    assert archive.headers["Cache-Control"] == "private, no-store"


def test_the_list_names_the_hashes(desk: Desk) -> None:
    reviewed(desk)
    export = freeze(desk, camera=desk.floor.cameras["C1"], model_version="v1")
    (row,) = desk.call("GET", "retraining-exports/?site=F1&camera_id=C1").json()["results"]
    assert (row["sha256"], row["camera_id"], row["events"]) == (export.sha256, "C1", 3)
    assert desk.call("GET", "retraining-exports/?camera_id=C2").json()["results"] == []


def test_a_file_that_somebody_removed_is_not_found(desk: Desk) -> None:
    reviewed(desk)
    export = freeze(desk)
    retraining.path_of(export).unlink()
    for part in ("manifest", "archive"):
        assert desk.call("GET", f"retraining-exports/{export.pk}/{part}/").status_code == 404


@pytest.mark.parametrize("part", ["", "manifest/", "archive/"])
def test_pictures_of_people_are_not_for_everybody(desk: Desk, part: str) -> None:
    reviewed(desk)
    path = f"retraining-exports/{freeze(desk).pk}/{part}"
    desk.floor.add_member("eve", Role.MANAGER)
    Floor("F2").add_member("mallory", Role.ADMIN)
    assert desk.call("GET", path, by="eve").status_code == 403
    assert desk.call("GET", path, by="mallory").status_code == 404
    assert Client().get(f"/api/v1/{path}").status_code == 401


# --- The command and the admin --------------------------------------------------------------------


def run(*words: str) -> str:
    said = StringIO()
    call_command("export_reviews", *words, stdout=said)
    return said.getvalue()


def test_the_command_says_where_the_archive_lies(desk: Desk) -> None:
    reviewed(desk)
    said = run("--site", "F1", "--camera", "C1", "--model-version", "v1", "--purpose", "measure")
    export = RetrainingExport.objects.get()
    assert said.startswith("3 events, 1 pictures, ")
    assert f"SHA-256 {export.sha256}\n{retraining.path_of(export)}" in said


@pytest.mark.parametrize(
    "words, told",
    [
        (["--site", "F9"], "no site"),
        (["--site", "F1", "--camera", "C9"], "no camera"),
        (["--site", "F1", "--end", "2020-01-01T00:00:00Z"], "None of these events"),
        (["--site", "F1", "--start", "2026-01-01"], "offset"),
    ],
)
def test_the_command_says_what_is_wrong(desk: Desk, words: list[str], told: str) -> None:
    reviewed(desk)
    with pytest.raises(CommandError, match=told):
        run(*words)


def freeze_by_action(desk: Desk, user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    rows = [item.pk for item in desk.items()]
    form = {"action": "freeze", "_selected_action": rows}
    return client.post("/admin/drift/reviewitem/", form, follow=True).content.decode()


def test_an_admin_freezes_the_reviews_of_chosen_items_cameras(desk: Desk) -> None:
    reviewed(desk)
    boss = desk.floor.add_member("boss", Role.ADMIN)
    assert "3 reviewed events are frozen" in freeze_by_action(desk, boss)
    export = RetrainingExport.objects.get()
    assert (export.camera.code, export.model_version, export.frozen_by) == ("C1", "v1", boss)


def test_a_reviewer_does_not(desk: Desk) -> None:
    reviewed(desk)
    freeze_by_action(desk, desk.grace)
    assert not RetrainingExport.objects.exists()


def test_the_precision_page_shows_requests_until_they_are_compared(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    reviewed(desk)
    retraining.freeze(open_alert(desk), by=desk.grace, now_ms=now_ms())
    client = Client()
    client.force_login(desk.floor.manager, backend=BACKEND)
    address = "/admin/drift/reviewitem/precision/?site=F1"
    assert "Waits for a newer model version" in client.get(address).content.decode()
    assert "Retraining requested" in client.get("/admin/").content.decode()
    time_machine.shift(3600)
    desk.see(2, model_version="v2")
    html = client.get(address).content.decode()
    assert "Waits for" not in html
    assert "Mean confidence" in html
    assert "0.900 (2 events)" in html
