"""A column of the admin's list of cameras: the alert that stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from drift.models import Alert, Status
from drift.watching import alert_words
from workers.admin.columns import Cells, Columns
from workers.admin.moments import ago
from workers.models import Camera


def _read(cameras: Sequence[Camera], at: datetime) -> Mapping[int, Cells]:
    """The newest of each camera that is not resolved; one statement."""
    standing = Alert.objects.filter(camera__in=cameras).exclude(status=Status.RESOLVED)
    told: dict[int, Any] = {}
    for alert in standing.select_related("camera").order_by("id"):
        told[alert.camera_id] = f"{alert_words.what(alert)}, {ago(alert.onset_at, at)}"
    return {camera_id: {"alert": text} for camera_id, text in told.items()}


CAMERAS = Columns({"alert": "alert"}, _read)
