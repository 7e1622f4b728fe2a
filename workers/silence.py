"""Cameras that should have been heard by now, in the scheduled time of their site."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from common.instants import DAY_MS, SECOND_MS, to_ms
from common.intervals import length
from workers.domain.calendar import scheduled
from workers.domain.master import is_active
from workers.models import Camera, Site
from workers.queries import master_data

MISSED = 3  # reports in a row
LOOK_BACK_MS = 7 * DAY_MS  # nothing reports less often: it is the longest ttl


class Silent(NamedTuple):
    """A camera that is not heard; `camera.last_seen_at` says since when, or never."""

    site: Site
    camera: Camera


def silent_cameras(sites: Sequence[Site], *, at: datetime) -> list[Silent]:
    """Those in use, the longest silent first; the never heard last. One query for all sites.

    None while a site does not work: nobody expects a report then.
    """
    now = to_ms(at)
    working = {site.pk: site for site in sites if _is_working(site, now)}
    cameras = Camera.objects.filter(site__in=working.keys())
    found = [
        Silent(working[camera.site_id], camera)
        for camera in cameras.order_by("site", "code")
        if _is_silent(camera, working[camera.site_id], now)
    ]
    never = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(found, key=lambda each: each.camera.last_seen_at or never)


def _is_working(site: Site, now: int) -> bool:
    return bool(scheduled(master_data(site), (now - 1, now)))


def _is_silent(camera: Camera, site: Site, now: int) -> bool:
    """After three missed reports; where no interval is known the ttl stands for three."""
    info = master_data(site).cameras_by_id.get(camera.pk)
    if info is None or not is_active(info.active, now):
        return False
    since = max(info.active[0], now - LOOK_BACK_MS)
    if camera.last_seen_at is not None:
        since = max(since, to_ms(camera.last_seen_at))
    every_s = camera.reporting_interval_s
    allowed_s = MISSED * every_s if every_s else camera.state_ttl_s
    expected = scheduled(master_data(site), (since, now)) if since < now else []
    return length(expected) >= allowed_s * SECOND_MS
