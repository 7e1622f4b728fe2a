"""A column of the admin's list of cameras: how much of what they sent has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from common.instants import DAY_MS, HOUR_MS, to_datetime, to_ms
from events.completeness import Hour, hours_of
from workers.admin.columns import Cells, Columns
from workers.admin.moments import local
from workers.models import Camera

SHOWN = 6  # hours with something missing, the newest


def _read(cameras: Sequence[Camera], at: datetime) -> Mapping[int, Cells]:
    """Of the last 24 full hours and the current one; two statements."""
    end = to_ms(at) - to_ms(at) % HOUR_MS + HOUR_MS
    hours = hours_of([camera.pk for camera in cameras], start=end - DAY_MS - HOUR_MS, end=end)
    return {
        camera.pk: _cells(camera, [hour for hour in hours if hour.camera_id == camera.pk])
        for camera in cameras
        if any(hour.camera_id == camera.pk for hour in hours)
    }


def _cells(camera: Camera, hours: Sequence[Hour]) -> Cells:
    came, missing = sum(hour.came for hour in hours), sum(hour.missing for hour in hours)
    share = _share(came, missing)
    return {"complete": share, "complete_by_hour": f"{share}{_told(camera, hours, missing)}"}


def _share(came: int, missing: int) -> str:
    """Never rounded up to all."""
    if not missing:
        return "100 %"
    return f"{int(1_000 * came / (came + missing)) / 10:g} %"


def _told(camera: Camera, hours: Sequence[Hour], missing: int) -> str:
    if not missing:
        return ""
    gaps = [hour for hour in hours if hour.missing][-SHOWN:]
    listed = ", ".join(
        f"{hour.missing:,} from {local(to_datetime(hour.start), camera.site)}" for hour in gaps
    )
    return f"; {missing:,} missing: {listed}"


CAMERAS = Columns({"complete": "complete"}, _read)
