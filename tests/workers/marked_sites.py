"""Two sites alike, whose every text says whose it is: what leaks from one to the other shows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Model
from rest_framework.authtoken.models import TokenProxy

from common.instants import to_ms
from drift.models import (
    Alert,
    MaintenanceWindow,
    OutboxMessage,
    Recipient,
    RetrainingExport,
    ReviewItem,
    ReviewPlan,
    WatchedCamera,
    WatchRules,
    Webhook,
)
from events.models import Event, RefusedEvent, StreamPosition
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from workers import keys, screens
from workers.models import (
    BackgroundTask,
    Camera,
    Closure,
    Invitation,
    Membership,
    Shift,
    ShiftBreak,
    Site,
    User,
    WallScreen,
    Worker,
    Workstation,
)

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)
NOW_MS: Any = to_ms(NOW)
LATER: Any = NOW + timedelta(minutes=5)
MOMENT: Any = NOW


@dataclass
class MarkedSite:
    """A site with one row of each kind that an admin page shows, made when it is asked for."""

    mark: str  # in no other text, and in no key or hash: these have no hyphen
    made: dict[str, Model] = field(default_factory=dict)

    def row(self, label: str) -> Model:
        """Its row of a model, such as `workers.worker`."""
        if label not in self.made:
            self.made[label] = ROWS[label](self)
        return self.made[label]

    @cached_property
    def site(self) -> Site:
        site = Site.objects.create(code=f"{self.mark}F", name=f"{self.mark}plant")
        early = Shift.objects.create(
            site=site, name=f"{self.mark}early", start=time(6), end=time(14)
        )
        ShiftBreak.objects.create(shift=early, start=time(10), end=time(11))
        return site

    @cached_property
    def worker(self) -> Worker:
        worker = Worker.objects.create(site=self.site, code=f"{self.mark}W", name=f"{self.mark}Ada")
        worker.shift_assignments.create(shift_name=f"{self.mark}early")
        return worker

    @cached_property
    def station(self) -> Workstation:
        texts = {"code": f"{self.mark}S", "name": f"{self.mark}saw", "kind": f"{self.mark}kind"}
        station = Workstation.objects.create(site=self.site, **texts)
        station.targets.create(per_hour=10)
        return station

    @cached_property
    def camera(self) -> Camera:
        texts = {"code": f"{self.mark}C", "name": f"{self.mark}above"}
        camera = Camera.objects.create(site=self.site, **texts)
        camera.workstations.add(self.station)
        camera.model_versions.create(version=f"{self.mark}yolo")
        return camera

    @cached_property
    def person(self) -> User:
        return User.objects.create_user(f"{self.mark}person", f"{self.mark}p@example.org")

    @cached_property
    def membership(self) -> Membership:
        return Membership.objects.create(user=self.person, site=self.site, role="viewer")

    @cached_property
    def event(self) -> Event:
        where = {"worker": self.worker, "workstation": self.station, "camera": self.camera}
        return Event.objects.create(
            site=self.site,
            event_type="working",
            occurred_at=MOMENT,
            received_at=MOMENT,
            count=0,
            restated=False,
            model_version=f"{self.mark}yolo",
            **where,
        )

    @cached_property
    def webhook(self) -> Webhook:
        return Webhook.objects.create(
            site=self.site,
            url=f"https://{self.mark.lower()}hook.example.org/",
            salt=self.mark,
            fingerprint=self.mark,
        )

    @cached_property
    def bucket(self) -> dict[str, Any]:
        return {"site": self.site, "grain": 5, "start_at": MOMENT, "workstation": self.station}

    @cached_property
    def stretch(self) -> dict[str, Any]:
        at = {"workstation": self.station, "state": "working", "started_at": MOMENT}
        return {"worker": self.worker, **at}


def _closure(own: MarkedSite) -> Closure:
    times = {"starts_at": NOW, "ends_at": LATER}
    return Closure.objects.create(site=own.site, reason=f"{own.mark}snow", **times)


def _refused(own: MarkedSite) -> RefusedEvent:
    return RefusedEvent.objects.create(
        site=own.site,
        camera_code=f"{own.mark}C",
        code="unknown_worker",
        detail=f"There is no worker {own.mark}W9.",
        payload=b"{}",
        payload_hash=own.mark,
        first_received_at=MOMENT,
        last_received_at=MOMENT,
    )


def _invitation(own: MarkedSite) -> Invitation:
    return Invitation.objects.create(
        site=own.site,
        role="viewer",
        name=f"{own.mark}guest",
        token_hash=own.mark,
        invited_by=own.person,
        created_at=NOW,
        expires_at=NOW + timedelta(days=700),
    )


def _task(_own: MarkedSite) -> BackgroundTask:
    """Only those that settings name are shown."""
    path, _ = settings.WORKER_TASKS[BackgroundTask.objects.count()]
    return BackgroundTask.objects.create(path=path, due_at=MOMENT)


def _alert(own: MarkedSite) -> Alert:
    times = {"onset_at": MOMENT, "detected_at": MOMENT, "first_detected_at": MOMENT}
    return Alert.objects.create(
        site=own.site,
        camera=own.camera,
        model_version=f"{own.mark}yolo",
        reasons=["floor"],
        opened_at=MOMENT,
        **times,
    )


def _message(own: MarkedSite) -> OutboxMessage:
    return OutboxMessage.objects.create(
        site=own.site,
        channel="webhook",
        webhook=own.webhook,
        to=f"{own.mark}to",
        kind="alert.opened",
        subject=f"{own.mark}subject",
        text=f"{own.mark}text",
        data={},
        message_id=f"{own.mark}message",
        announced_at=MOMENT,
        next_try_at=MOMENT,
        give_up_at=LATER,
    )


def _review(own: MarkedSite) -> ReviewItem:
    return ReviewItem.objects.create(
        event=own.event,
        occurred_at=MOMENT,
        site=own.site,
        camera=own.camera,
        event_type="working",
        purpose="measure",
        probability=0.5,
        rank=1,
        chosen_at=MOMENT,
    )


def _export(own: MarkedSite) -> RetrainingExport:
    return RetrainingExport.objects.create(
        site=own.site,
        camera=own.camera,
        sha256=f"{own.mark}hash",
        size=1,
        events=1,
        snapshots=0,
        frozen_at=MOMENT,
    )


ROWS: dict[str, Callable[[MarkedSite], Model]] = {
    "workers.site": lambda own: own.site,
    "workers.worker": lambda own: own.worker,
    "workers.workstation": lambda own: own.station,
    "workers.camera": lambda own: own.camera,
    "workers.shift": lambda own: own.site.shifts.get(),
    "workers.closure": _closure,
    "workers.membership": lambda own: own.membership,
    "workers.invitation": _invitation,
    "workers.ingestkey": lambda own: keys.create_key(site=own.site, camera=own.camera, at=NOW).row,
    "workers.wallscreen": lambda own: (
        screens.create(WallScreen(site=own.site, name=f"{own.mark}gate"), at=NOW).row
    ),
    "workers.user": lambda own: own.membership.user,
    "workers.backgroundtask": _task,
    "authtoken.tokenproxy": lambda own: TokenProxy.objects.create(user=own.person),
    "axes.accessattempt": lambda own: AccessAttempt.objects.create(
        username=f"{own.mark}x", failures_since_start=1
    ),
    "events.event": lambda own: own.event,
    "events.refusedevent": _refused,
    "events.streamposition": lambda _own: StreamPosition.objects.create(
        topic=settings.KAFKA_TOPIC, partition=StreamPosition.objects.count()
    ),
    "metrics.span": lambda own: Span.objects.create(ended_at=LATER, **own.stretch),
    "metrics.workerstatus": lambda own: WorkerStatus.objects.create(
        holds_until=LATER, **own.stretch
    ),
    "metrics.bucket": lambda own: Bucket.objects.create(
        worker=own.worker, newest_event_at=MOMENT, **own.bucket
    ),
    "metrics.workstationbucket": lambda own: WorkstationBucket.objects.create(**own.bucket),
    "drift.alert": _alert,
    "drift.watchedcamera": lambda own: WatchedCamera.objects.create(camera=own.camera),
    "drift.maintenancewindow": lambda own: MaintenanceWindow.objects.create(
        camera=own.camera, starts_at=MOMENT, ends_at=LATER, reason=f"{own.mark}cleaning"
    ),
    "drift.watchrules": lambda own: WatchRules.objects.create(site=own.site, camera=own.camera),
    "drift.recipient": lambda own: Recipient.objects.create(
        site=own.site, address=f"{own.mark.lower()}all@example.org"
    ),
    "drift.webhook": lambda own: own.webhook,
    "drift.outboxmessage": _message,
    "drift.reviewitem": _review,
    "drift.reviewplan": lambda own: ReviewPlan.objects.create(site=own.site),
    "drift.retrainingexport": _export,
}
