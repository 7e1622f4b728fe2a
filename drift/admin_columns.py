"""Columns of the admin's lists: a camera's alert that stands, and how sure it was in a day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import BigIntegerField, ExpressionWrapper, F, Sum
from django.urls import reverse
from django.utils.html import format_html

from common.instants import DAY_MS
from drift.domain.buckets import SCALE
from drift.models import Alert, ConfidenceBucket, Status, WatchedCamera, WatchRules
from drift.watching import alert_words
from workers.admin.columns import DASH, Cells, Columns
from workers.admin.moments import ago
from workers.models import Camera

_DAY_BEFORE = ExpressionWrapper(
    F("segment__camera__watchedcamera__evaluated_until") - DAY_MS, BigIntegerField()
)


def _read(cameras: Sequence[Camera], at: datetime) -> Mapping[int, Cells]:
    """The newest of each camera that is not resolved; one statement."""
    standing = Alert.objects.filter(camera__in=cameras).exclude(status=Status.RESOLVED)
    told: dict[int, str] = {}
    for alert in standing.select_related("camera").order_by("id"):
        told[alert.camera_id] = format_html(
            '<a href="{}" class="text-primary-700 underline dark:text-primary-400">{}</a>, {}',
            reverse("admin:drift_alert_change", args=[alert.pk]),
            alert_words.what(alert),
            ago(alert.onset_at, at),
        )
    return {camera_id: {"alert": text} for camera_id, text in told.items()}


def _read_watched(rows: Sequence[WatchedCamera], _at: datetime) -> Mapping[int, Cells]:
    """The mean of the last day that was evaluated, and the floor under it; two statements."""
    rules = WatchRules.objects.filter(camera__in=[row.pk for row in rows]).order_by("since", "pk")
    own = dict(rules.values_list("camera", "floor"))  # the newest of each is in force
    floors = {
        row.pk: row.camera.site.drift_floor if (floor := own.get(row.pk)) is None else floor
        for row in rows
    }
    buckets = ConfidenceBucket.objects.filter(
        segment__camera__in=floors,
        start_at__gte=_DAY_BEFORE,
        start_at__lt=F("segment__camera__watchedcamera__evaluated_until"),
    )
    sums = buckets.order_by().values_list("segment__camera").annotate(n=Sum("n"), s1=Sum("s1"))
    means = {camera_id: s1 / n / SCALE for camera_id, n, s1 in sums if n}
    return {
        camera_id: {"mean": _mean(means.get(camera_id), floor), "floor": f"{floor:.3f}"}
        for camera_id, floor in floors.items()
    }


def _mean(mean: float | None, floor: Decimal) -> str:
    if mean is None:
        return DASH
    form = '<span class="sheet-mark is-wrong">{}</span>' if mean < floor else "{}"
    return format_html(form, f"{mean:.3f}")


CAMERAS = Columns({"alert": "alert"}, _read)
WATCHED = Columns({"mean": "mean of 24 hours", "floor": "floor"}, _read_watched)
