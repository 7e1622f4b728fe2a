"""What became of each request for a training: it waits, or a newer version runs and is compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from common.intervals import Interval
from drift.domain.buckets import QUARTER_MS, SCALE
from drift.domain.precision import Precision
from drift.models import Alert, ConfidenceBucket, RetrainingExport, Segment
from drift.queries import reviews
from workers.models import Site

QUARTER = timedelta(milliseconds=QUARTER_MS)


@dataclass(frozen=True, slots=True)
class Version:
    """One model version on the camera: how sure it was, how often it was alerted, how right."""

    name: str
    events: int
    mean_confidence: float | None
    alerts: int
    by_type: dict[str, Precision]


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `newer` is None while it waits for a newer version."""

    export: RetrainingExport
    older: Version | None = None
    newer: Version | None = None


def requests_of(site: Site, *, until: int) -> list[Request]:
    """Those of alerts, newest first; none is forgotten before a newer version runs."""
    found = []
    for export in _asked([site]):
        version = newer_version(export)
        found.append(_compared(export, version, until) if version else Request(export))
    return found


def waiting(sites: Iterable[Site]) -> list[RetrainingExport]:
    """Those whose camera still runs the old version. One statement where there are none."""
    return [export for export in _asked(sites) if newer_version(export) is None]


def _asked(sites: Iterable[Site]) -> QuerySet[RetrainingExport]:
    rows = RetrainingExport.objects.filter(site__in=sites, alert__isnull=False)
    rows = rows.filter(camera__isnull=False).select_related("site", "camera", "frozen_by")
    return rows.order_by("-frozen_at", "-pk")


def newer_version(export: RetrainingExport) -> str | None:
    """The newest version that the camera's events began to name since then."""
    begun: list[tuple[datetime, str]] = []
    for segment in Segment.objects.filter(camera=export.camera_id):
        first = ConfidenceBucket.objects.filter(segment=segment).order_by("start_at").first()
        if first and segment.model_version != export.model_version:
            begun.append((first.start_at, segment.model_version))
    since = [(at, version) for at, version in begun if at + QUARTER > export.frozen_at]
    known_before = {version for at, version in begun if at + QUARTER <= export.frozen_at}
    return max((row for row in since if row[1] not in known_before), default=(None, None))[1]


def _compared(export: RetrainingExport, version: str, until: int) -> Request:
    names = (export.model_version, version)
    older, newer = (_version(export, name, (0, until)) for name in names)
    return Request(export, older, newer)


def _version(export: RetrainingExport, name: str, window: Interval) -> Version:
    sums = ConfidenceBucket.objects.filter(
        segment__camera=export.camera_id, segment__model_version=name
    ).aggregate(n=Sum("n"), s1=Sum("s1"))
    alerts = Alert.objects.filter(camera=export.camera_id, model_version=name)
    rows = reviews.measured(export.site, window, camera_id=export.camera_id, version=name)
    return Version(
        name,
        sums["n"] or 0,
        sums["s1"] / sums["n"] / SCALE if sums["n"] else None,
        alerts.count(),
        {row.event_type: row.precision for row in rows},
    )
