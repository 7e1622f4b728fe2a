"""Evaluates what cameras said: closed buckets that are new, and those that late events changed.

What is computed is computed without a lock; it counts only if nobody else has evaluated, marked or
decided meanwhile.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max, Min

from common import dialect
from common.instants import HOUR_MS, floor_to, to_ms
from drift.domain.alerts import QUIET_AFTER, Case, End, cases_of
from drift.domain.buckets import QUARTER_MS
from drift.domain.floor import lows_of
from drift.domain.history import History
from drift.models import Alert, Segment, WatchedCamera, WatchedSite
from drift.watching import buckets, ledger, live, telling
from drift.watching.buckets import ByVersion
from drift.watching.rules import InputsAtSite, keep_floor
from events.domain.observation import LATE_MS
from events.models import Event
from events.one_writer import lock
from workers.domain.master import MasterData
from workers.models import Camera, Site
from workers.queries import master_data


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a site came to."""

    cameras: int
    changed: int


def check_all(now_ms: int) -> None:
    """A background task: every site, up to now. Safe to repeat."""
    for site in Site.objects.order_by("pk"):
        check_site(site, until=closed_at(now_ms), now_ms=now_ms)


def closed_at(now_ms: int) -> int:
    """Up to when buckets are closed: most events are there two minutes later."""
    return floor_to(now_ms - LATE_MS, QUARTER_MS)


def check_site(site: Site, *, until: int, now_ms: int, as_of: int | None = None) -> Checked:
    """Evaluates what is due, then what is live (as of now, or of another instant)."""
    keep_floor(site, now_ms=now_ms)
    mark_late(site)
    master = master_data(site)
    due = _due(site, until)
    inputs = InputsAtSite(site) if due else None
    changed = sum(
        _check_camera(camera, inputs, master, until=until, now_ms=now_ms)
        for camera in due
        if inputs is not None
    )
    changed += live.check(site, master, at=now_ms if as_of is None else as_of, now_ms=now_ms)
    telling.remind(site.pk, now_ms=now_ms)
    return Checked(len(due), changed)


def mark_late(site: Site) -> None:
    """Cameras of which events have come for buckets already evaluated are due again.

    New events are found by their numbers, which grow in the order of commits within a site.
    """
    watched, is_new = WatchedSite.objects.get_or_create(site=site)
    cameras = Camera.objects.filter(site=site)
    if is_new:  # every camera is due
        own = Event.objects.filter(camera__in=list(cameras)).order_by("-pk")
        _advance(watched, own.values_list("pk", flat=True).first() or 0)
        return
    arrived = (
        Event.objects.filter(pk__gt=watched.newest_event_id, camera__in=list(cameras))
        .filter(restated=False, confidence__isnull=False)
        .values("camera_id")
        .annotate(oldest=Min("occurred_at"), newest=Max("pk"))
        .order_by("camera_id")
    )
    rows = list(arrived)
    for row in rows:
        WatchedCamera.objects.filter(
            camera_id=row["camera_id"], evaluated_until__gt=row["oldest"]
        ).update(is_due=True, revision=F("revision") + 1)
    if rows:
        _advance(watched, max(row["newest"] for row in rows))


def _advance(watched: WatchedSite, newest: int) -> None:
    WatchedSite.objects.filter(pk=watched.pk, newest_event_id__lt=newest).update(
        newest_event_id=newest
    )


def _due(site: Site, until: int) -> list[Camera]:
    """Cameras with a bucket that has closed since, or that are marked."""
    seen = Segment.objects.filter(camera__site=site).values("camera_id")
    cameras = Camera.objects.filter(pk__in=seen).select_related("site", "watchedcamera")
    return [camera for camera in cameras.order_by("pk") if _is_due(camera, until)]


def _is_due(camera: Camera, until: int) -> bool:
    watched: WatchedCamera | None = getattr(camera, "watchedcamera", None)
    if watched is None or watched.is_due:
        return True
    return floor_to(until, watched.grain_ms or HOUR_MS) > to_ms(watched.evaluated_until)


@dialect.retried
def _check_camera(
    camera: Camera, inputs: InputsAtSite, master: MasterData, *, until: int, now_ms: int
) -> bool:
    """Whether any alert changed."""
    watched, _ = WatchedCamera.objects.get_or_create(camera=camera)
    until = max(until, to_ms(watched.evaluated_until))
    replay = _Replay(camera.pk, inputs, master, until)
    with transaction.atomic():
        lock([camera.site_id])
        current = WatchedCamera.objects.filter(pk=watched.pk, revision=watched.revision)
        if not current.update(
            evaluated_until=until,
            is_due=False,
            grain_ms=replay.grain,
            revision=watched.revision + 1,
        ):
            return False  # it has changed meanwhile, and is still due
        changes = [
            ledger.settle(camera, version, cases, now_ms=now_ms)
            for version, cases in replay.cases.items()
        ]
        if any(changes):
            dialect.count_up(Site, "revision", camera.site_id)
    return any(changes)


class _Replay:
    """All alerts that a camera's buckets make, by model version."""

    def __init__(
        self, camera_id: int, inputs: InputsAtSite, master: MasterData, until: int
    ) -> None:
        rows = buckets.rows_of(camera_id, until=until)
        known = Alert.objects.filter(camera_id=camera_id, is_live=False)
        self.cases: dict[str, list[Case]] = {
            version: [] for version in known.values_list("model_version", flat=True)
        }
        self.grain = HOUR_MS
        for version in sorted(rows, key=lambda version: _last(rows, version)):
            own = inputs.of(camera_id, version)
            history = History(rows[version], master.time_zone, own, until=until)
            end = End(until, _replaced_at(rows, version))
            self.cases[version] = cases_of(history.alarms, lows_of(history.hours, own), own, end)
            self.grain = history.grain


def _last(rows: ByVersion, version: str) -> int:
    """When the last quarter begins in which a version was seen."""
    return max(each[-1][0] for each in rows[version].values())


def _replaced_at(rows: ByVersion, version: str) -> int | None:
    """A day after a version was last seen, where another has been seen since."""
    last = _last(rows, version)
    newest = max(_last(rows, other) for other in rows)
    return last + QUARTER_MS + QUIET_AFTER if newest > last else None
