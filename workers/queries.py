"""Reads a site's master data as plain values, once per revision."""

from collections import defaultdict
from datetime import date, time
from zoneinfo import ZoneInfo

from common.instants import DAY_MS, SECOND_MS, to_ms
from common.intervals import Interval
from workers import models
from workers.domain.calendar import day_start
from workers.domain.master import (
    EVER,
    OPEN,
    Assignment,
    CameraInfo,
    MasterData,
    ShiftInfo,
    WorkerInfo,
    WorkstationInfo,
    by_code,
)

_cache: dict[int, MasterData] = {}


def master_data(site: models.Site) -> MasterData:
    """The site's master data as of `site.master_revision`, from memory when it holds that."""
    return master_data_at(site.pk, site.master_revision)


def master_data_at(site_id: int, revision: int) -> MasterData:
    """As `master_data`, for who knows a site by its id and its master revision."""
    known = _cache.get(site_id)
    if known is None or known.revision != revision:
        known = _cache[site_id] = _read(models.Site.objects.get(pk=site_id))
    return known


def _read(site: models.Site) -> MasterData:
    zone = ZoneInfo(site.time_zone)
    return MasterData(
        site_id=site.pk,
        code=site.code,
        name=site.name,
        revision=site.master_revision,
        time_zone=zone,
        acceptance_threshold=float(site.acceptance_threshold),
        retention_ms=site.retention_days * DAY_MS,
        names_shown=site.people_shown == models.Site.PeopleShown.NAMES,
        workers=by_code(_workers(site, zone)),
        workstations=by_code(_workstations(site, zone)),
        cameras=by_code(_cameras(site, zone)),
        shifts=tuple(_shifts(site)),
        closures=tuple(
            (to_ms(each.starts_at), to_ms(each.ends_at)) for each in site.closures.all()
        ),
        least_confidence=float(site.acceptance_threshold)
        if site.below_threshold == models.Site.BelowThreshold.EXCLUDE
        else 0.0,
        horizon_at=to_ms(site.horizon_at),
    )


def _workers(site: models.Site, zone: ZoneInfo) -> list[WorkerInfo]:
    assignments: dict[int, list[Assignment]] = defaultdict(list)
    for row in models.ShiftAssignment.objects.filter(worker__site=site).order_by("id"):
        assignments[row.worker_id].append(
            Assignment(row.shift_name, row.valid_from, row.valid_until)
        )
    return [
        WorkerInfo(
            row.pk,
            row.code,
            row.name,
            _days(zone, row.active_from, row.active_until),
            tuple(assignments[row.pk]),
            row.is_anonymous,
        )
        for row in models.Worker.objects.filter(site=site)
    ]


def _workstations(site: models.Site, zone: ZoneInfo) -> list[WorkstationInfo]:
    targets: dict[int, list[tuple[float, Interval]]] = defaultdict(list)
    for row in models.WorkstationTarget.objects.filter(workstation__site=site).order_by("id"):
        targets[row.workstation_id].append(
            (float(row.per_hour), _days(zone, row.valid_from, row.valid_until))
        )
    return [
        WorkstationInfo(
            row.pk,
            row.code,
            row.name,
            _days(zone, row.active_from, row.active_until),
            tuple(targets[row.pk]),
        )
        for row in models.Workstation.objects.filter(site=site)
    ]


def _cameras(site: models.Site, zone: ZoneInfo) -> list[CameraInfo]:
    versions: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in models.CameraModelVersion.objects.filter(camera__site=site).order_by("id"):
        since = EVER if row.runs_since is None else to_ms(row.runs_since)
        versions[row.camera_id].append((since, row.version))
    return [
        CameraInfo(
            row.pk,
            row.code,
            _days(zone, row.active_from, row.active_until),
            row.state_ttl_s * SECOND_MS,
            tuple(sorted(versions[row.pk])),
        )
        for row in models.Camera.objects.filter(site=site)
    ]


def _shifts(site: models.Site) -> list[ShiftInfo]:
    rows = (
        models.Shift.objects.filter(site=site)
        .order_by("start", "name", "id")
        .prefetch_related("breaks")
    )
    return [
        ShiftInfo(
            name=row.name,
            weekdays=frozenset(map(int, row.weekdays)),
            start=_minute(row.start),
            end=_minute(row.end),
            breaks=tuple((_minute(each.start), _minute(each.end)) for each in row.breaks.all()),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    ]


def _minute(mark: time) -> int:
    return mark.hour * 60 + mark.minute


def _days(zone: ZoneInfo, first: date | None, end: date | None) -> Interval:
    return (
        EVER if first is None else day_start(zone, first),
        OPEN if end is None else day_start(zone, end),
    )
