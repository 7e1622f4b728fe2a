"""Alerts of what is missing: silent cameras, and cameras that see much less than usual.

They speak of now, and of what had arrived by now; a replay has no part in them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import transaction

from common import dialect
from common.instants import DAY_MS, HOUR_MS, SECOND_MS, floor_to, to_datetime, to_ms
from drift.domain.alerts import REOPENS_WITHIN
from drift.domain.reference import EVERY_TYPE
from drift.domain.silence import MISSED, silent_at
from drift.domain.volume import HOURS, Volume
from drift.models import (
    Alert,
    AlertTransition,
    Kind,
    MaintenanceWindow,
    Reason,
    Resolution,
    Status,
    WatchedSite,
)
from drift.watching import telling, volumes
from drift.watching.ledger import News, log
from events.domain.observation import LATE_MS
from events.one_writer import lock
from workers.domain.calendar import scheduled
from workers.domain.master import MasterData, is_active
from workers.models import Camera, Site

LOOKED_BACK_MS = 30 * DAY_MS  # for scheduled time in which a silent camera was not heard
MUTED_MS = DAY_MS  # after a person has resolved an alert of few events

Happened = AlertTransition.Kind


class Condition(NamedTuple):
    """What is wrong with a camera."""

    reason: str
    onset_at: int
    detected_at: int
    segments: list[dict[str, Any]]


@dialect.retried
def check(site: Site, master: MasterData, *, at: int, now_ms: int) -> int:
    """How many alerts changed. Safe to repeat."""
    look = _Look(site, master, at)
    if not look.changes(_Standing(site.pk, at)):
        look.keep_hour()
        return 0
    with transaction.atomic():
        lock([site.pk])
        changes = look.changes(_Standing(site.pk, at))
        for camera, wrong, alert in changes:
            if wrong is None and alert is not None:
                _resolve(alert, at=at, now_ms=now_ms)
            elif wrong is not None:
                version = master.cameras_by_id[camera.pk].version_at(at)
                _bring_in_line(alert or _new(camera, version), wrong, now_ms)
        if changes:
            dialect.count_up(Site, "revision", site.pk)
        look.keep_hour()
    return len(changes)


Change = tuple[Camera, Condition | None, Alert | None]


class _Standing:
    """The alerts that a site's cameras have had, and which of them are being maintained."""

    def __init__(self, site_id: int, at: int) -> None:
        rows = Alert.objects.filter(site_id=site_id, is_live=True).select_related("site", "camera")
        self.last = {alert.camera_id: alert for alert in rows.order_by("pk")}
        self.maintained = set(
            MaintenanceWindow.objects.filter(
                camera__site_id=site_id, starts_at__lte=at, ends_at__gt=at
            ).values_list("camera_id", flat=True)
        )


class _Look:
    """What is wrong with each camera of a site at an instant."""

    def __init__(self, site: Site, master: MasterData, at: int) -> None:
        self._site, self._at = site, at
        self._cameras = [
            camera
            for camera in Camera.objects.filter(site=site).select_related("site").order_by("pk")
            if _is_active(camera, master, at)
        ]
        self._silent = {each.pk: _silence(each, master, at) for each in self._cameras}
        self._hour = floor_to(at - LATE_MS, HOUR_MS)
        self._watched, _ = WatchedSite.objects.get_or_create(site=site)
        self._volumes: Mapping[int, Volume] | None = None
        if self._hour > to_ms(self._watched.volume_until):
            self._volumes = volumes.at_site(master, until=self._hour)

    def changes(self, standing: _Standing) -> list[Change]:
        """The cameras whose alert does not fit what is wrong."""
        found: list[Change] = []
        for camera in self._cameras:
            last = standing.last.get(camera.pk)
            alert = None if last is None or last.status == Status.RESOLVED else last
            wrong = self._wrong(camera, alert)
            if wrong is None and alert is not None:
                found.append((camera, None, alert))
            elif wrong is not None and alert is None:
                if camera.pk not in standing.maintained and not _is_muted(wrong, last, self._at):
                    found.append((camera, wrong, _to_reopen(last, self._at)))
            elif wrong is not None and alert is not None and alert.reasons != [wrong.reason]:
                found.append((camera, wrong, alert))
        return found

    def keep_hour(self) -> None:
        """The volume of this hour has been looked at."""
        WatchedSite.objects.filter(pk=self._watched.pk, volume_until__lt=self._hour).update(
            volume_until=self._hour
        )

    def _wrong(self, camera: Camera, alert: Alert | None) -> Condition | None:
        """Who is silent sees nothing: the volume counts only else. It is judged hour by hour."""
        if silent := self._silent[camera.pk]:
            return silent
        if self._volumes is not None:
            volume = self._volumes.get(camera.pk)
            return _few(volume, self._hour) if volume and volume.is_low else None
        if alert is not None and Reason.VOLUME in alert.reasons:
            at = to_ms(alert.onset_at), to_ms(alert.detected_at)
            return Condition(Reason.VOLUME, *at, alert.segments)
        return None


def _is_active(camera: Camera, master: MasterData, at: int) -> bool:
    known = master.cameras_by_id.get(camera.pk)
    return known is not None and is_active(known.active, at)


def _silence(camera: Camera, master: MasterData, at: int) -> Condition | None:
    """A camera that was never heard is not silent: it is not connected yet."""
    if camera.last_seen_at is None:
        return None
    heard_at = to_ms(camera.last_seen_at)
    seconds = camera.reporting_interval_s or camera.state_ttl_s / MISSED
    time = scheduled(master, (max(heard_at, at - LOOKED_BACK_MS), at)) if heard_at < at else []
    detected_at = silent_at(time, interval_ms=int(seconds * SECOND_MS))
    if detected_at is None:
        return None
    return Condition(Reason.SILENCE, heard_at, detected_at, [])


def _few(volume: Volume, hour: int) -> Condition:
    seen, usual = round(volume.seen), round(volume.usual)
    segment = {
        "event_type": EVERY_TYPE,
        "channel": "volume",
        "peak": usual,
        "shift": seen - usual,
        "before": usual,
        "now": seen,
    }
    return Condition(Reason.VOLUME, hour - HOURS * HOUR_MS, hour, [segment])


def _is_muted(wrong: Condition, last: Alert | None, at: int) -> bool:
    """A person has resolved it, and it is still the same silence, or the same day."""
    if last is None or last.resolved_at is None or not _is_decided(last):
        return False
    if wrong.reason == Reason.SILENCE:
        return last.reasons == [wrong.reason] and to_ms(last.onset_at) == wrong.onset_at
    return last.reasons == [wrong.reason] and to_ms(last.resolved_at) > at - MUTED_MS


def _is_decided(alert: Alert) -> bool:
    newest = alert.transitions.filter(kind=Happened.RESOLVED).order_by("-pk").first()
    return newest is not None and newest.is_decision


def _to_reopen(last: Alert | None, at: int) -> Alert | None:
    if last is None or last.resolved_at is None:
        return None
    return last if at - to_ms(last.resolved_at) <= REOPENS_WITHIN else None


def _new(camera: Camera, version: str) -> Alert:
    return Alert(site=camera.site, camera=camera, model_version=version, is_live=True)


def _bring_in_line(alert: Alert, wrong: Condition, now_ms: int) -> None:
    """Opened, opened again, or standing for another reason."""
    kind = Happened.OPENED if alert._state.adding else Happened.REVISED
    if alert.status == Status.RESOLVED:
        kind = Happened.REOPENED
        alert.acknowledged_at = alert.acknowledged_by = None
        alert.resolved_at = alert.resolved_by = None
        alert.resolution = alert.note = ""
    alert.reasons, alert.segments = [wrong.reason], wrong.segments
    if kind != Happened.REVISED:
        alert.status, alert.opened_at = Status.OPEN, to_datetime(now_ms)
        alert.onset_at = to_datetime(wrong.onset_at)
        alert.detected_at = to_datetime(wrong.detected_at)
    if kind == Happened.OPENED:
        alert.first_detected_at = alert.detected_at
    alert.save()
    note = alert.get_status_display() if kind == Happened.REVISED else ""
    log(alert, News(kind, wrong.detected_at, note=note), now_ms=now_ms)
    if kind != Happened.REVISED:
        telling.tell(alert, Kind.ALERT_OPENED, now_ms=now_ms)


def _resolve(alert: Alert, *, at: int, now_ms: int) -> None:
    """Nothing is wrong any more."""
    silent = alert.reasons == [Reason.SILENCE]
    alert.status, alert.resolution = Status.RESOLVED, Resolution.FIXED
    alert.resolved_at = to_datetime(at)
    alert.note = "Heard again." if silent else "As many events as usual again."
    alert.save()
    log(alert, News(Happened.RESOLVED, at, Resolution.FIXED, alert.note), now_ms=now_ms)
    telling.tell(alert, Kind.ALERT_RESOLVED, now_ms=now_ms)
