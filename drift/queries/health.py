"""How surely the cameras of a site recognise: a fixed number of statements, however many."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from common import dialect
from common.instants import DAY_MS, HOUR_MS
from common.intervals import Interval
from drift.domain.history import History
from drift.domain.points import Row, Rows
from drift.domain.precision import Precision
from drift.models import Alert, ConfidenceBucket, Segment, Severity, Status
from drift.queries import reviews
from drift.queries.recognition import Watched
from drift.watching.rules import InputsAtSite
from events import completeness
from workers.models import Camera, Site
from workers.queries import master_data

REVIEWED_MS = 28 * DAY_MS  # reviews are few: a shorter while says nothing
_COLUMNS = ("segment_id", "start_at", "n", "s1", "s2")


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a camera can be trusted: by review, and by the numbers of its events."""

    precision: Precision | None
    came: int
    missing: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A camera with its alerts that are not resolved."""

    camera: Camera
    alerts: list[Alert]


def cameras_of(site: Site, *, at: int) -> list[Standing]:
    """Those in use, with what stands open: critical first, then by code; two statements."""
    alerts: defaultdict[int, list[Alert]] = defaultdict(list)
    rows = Alert.objects.filter(site=site).exclude(status=Status.RESOLVED).order_by("onset_at")
    for alert in rows.select_related("camera", "site"):
        alerts[alert.camera_id].append(alert)
    known = master_data(site).cameras  # in the order of their codes
    order = {
        camera.id: place
        for place, camera in enumerate(known.values())
        if camera.active[0] <= at < camera.active[1] or camera.id in alerts
    }
    cameras = Camera.objects.filter(site=site, pk__in=order)
    cameras = cameras.select_related("site", "watchedcamera")
    found = [Standing(camera, alerts[camera.pk]) for camera in cameras]
    return sorted(found, key=lambda each: (_urgency(each.alerts), order[each.camera.pk]))


def watched_of(site: Site, cameras: Sequence[Camera], *, until: int) -> dict[int, Watched]:
    """The model version that each was seen with last, replayed; those that were seen at all."""
    rows = _rows_of([camera.pk for camera in cameras], until=until)
    inputs, zone = InputsAtSite(site), master_data(site).time_zone
    found = {}
    for camera in cameras:
        if camera.pk in rows:
            version, own = rows[camera.pk]
            rules = inputs.of(camera.pk, version)
            history = History(own, zone, rules, until=until)
            found[camera.pk] = Watched(camera, version, own, history, rules, until)
    return found


def trust_of(
    site: Site, versions: Mapping[int, str], *, window: Interval, until: int
) -> dict[int, Trust]:
    """By camera, of the version named for it. Completeness is of the window."""
    reviewed = reviews.measured_by_camera(site, (until - REVIEWED_MS, until), versions)
    came, missing = _completeness(list(versions), _whole_hours(window))
    return {
        camera_id: Trust(reviewed.get((camera_id, version)), came[camera_id], missing[camera_id])
        for camera_id, version in versions.items()
    }


def _urgency(alerts: Iterable[Alert]) -> int:
    severities = {alert.severity for alert in alerts}
    if Severity.CRITICAL in severities:
        return 0
    return 1 if severities else 2


def _rows_of(camera_ids: Sequence[int], *, until: int) -> dict[int, tuple[str, Rows]]:
    """The quarters of the model version that each camera was seen with last; two statements.

    Other versions are left where they are: a site of years has many.
    """
    newest = ConfidenceBucket.objects.filter(segment=OuterRef("pk"), start_at__lt=until)
    last_at = Subquery(newest.order_by("-start_at").values("start_at")[:1])
    segments = Segment.objects.filter(camera__in=camera_ids).annotate(last_at=last_at)
    seen = [segment for segment in segments.order_by("event_type") if segment.last_at]
    version = {
        each.camera_id: each.model_version for each in sorted(seen, key=lambda each: each.last_at)
    }
    running = {each.pk: each for each in seen if each.model_version == version[each.camera_id]}
    stored: defaultdict[int, list[Row]] = defaultdict(list)
    windows = [(number, 0, until - 1) for number in sorted(running)]
    for number, *row in dialect.within(ConfidenceBucket, _COLUMNS, _COLUMNS[:2], windows):
        stored[number].append(tuple(row))
    found: dict[int, tuple[str, dict[str, list[Row]]]] = {}
    for number, segment in running.items():
        own = found.setdefault(segment.camera_id, (segment.model_version, {}))
        own[1][segment.event_type] = sorted(stored[number])
    return dict(found)


def _whole_hours(window: Interval) -> Interval:
    start, end = window
    return start - start % HOUR_MS, -(-end // HOUR_MS) * HOUR_MS


def _completeness(ids: Sequence[int], window: Interval) -> tuple[Counter[int], Counter[int]]:
    came: Counter[int] = Counter()
    missing: Counter[int] = Counter()
    for hour in completeness.hours_of(ids, start=window[0], end=window[1]):
        came[hour.camera_id] += hour.came
        missing[hour.camera_id] += hour.missing
    return came, missing
