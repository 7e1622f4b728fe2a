"""What managers see of all cameras of a site, a screenful at a time; `settings.RECOGNITION`."""

from datetime import datetime
from math import ceil
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common import clock
from common.instants import DAY_MS, HOUR_MS, to_ms
from common.intervals import Interval
from drift.health.cards import card_of, portrait_of
from drift.queries.health import cameras_of, trust_of, watched_of
from drift.watching import checks
from workers.models import Camera, Site

EACH_PAGE = 12  # each is replayed from its first event on, and drawn
KEPT_S = 3_600  # until changes with every quarter of an hour, and so does what is kept
LEAST_DRAWN_MS = 7 * DAY_MS  # what is usual shows over days, however short the period


def recognition(
    site: Site, window: Interval, *, page: int, here: str, may_review: bool
) -> SafeString:
    """The cameras that need attention first. `here` is the page's address, with its period."""
    now = clock.now()
    drawn, until = _drawn(window, now)
    standing = cameras_of(site, at=until)
    pages = max(ceil(len(standing) / EACH_PAGE), 1)
    page = min(max(page, 1), pages)
    shown = standing[(page - 1) * EACH_PAGE : page * EACH_PAGE]
    portraits = _portraits(site, [each.camera for each in shown], drawn, until)
    versions = {camera_id: portrait["version"] for camera_id, portrait in portraits.items()}
    trust = trust_of(site, versions, window=window, until=until)
    cards = [
        card_of(each, portraits[each.camera.pk], trust[each.camera.pk], now=now) for each in shown
    ]
    context: dict[str, Any] = {
        "site": site,
        "cards": cards,
        "cameras": len(standing),
        "doubtful": sum(bool(each.alerts) for each in standing),
        "may_review": may_review,
        "turning": _turning(page, pages, here) if pages > 1 else None,
    }
    return render_to_string("drift/health.html", context)


def recognition_by_day(site: Site, window: Interval) -> list[dict[str, Any]]:
    """The numbers of all drawings: a row per camera and day, for a table."""
    drawn, until = _drawn(window, clock.now())
    cameras = [each.camera for each in cameras_of(site, at=until)]
    portraits = _portraits(site, cameras, drawn, until)
    return [
        {
            "camera_id": camera.code,
            "model_version": portraits[camera.pk]["version"],
            "day": day,
            "mean_confidence": mean,
            "usual_confidence": usual,
        }
        for camera in cameras
        for day, mean, usual in portraits[camera.pk].get("numbers", [])
    ]


def _drawn(window: Interval, now: datetime) -> tuple[Interval, int]:
    """From when to when drawings go, and until when cameras have been judged."""
    until = min(window[1], checks.closed_at(to_ms(now)))
    return (min(window[0], until - LEAST_DRAWN_MS), until + HOUR_MS), until


def _portraits(
    site: Site, cameras: list[Camera], drawn: Interval, until: int
) -> dict[int, dict[str, Any]]:
    """By camera; from memory where nobody has evaluated it or decided anything since."""
    keys = {camera.pk: _key(camera, drawn, until) for camera in cameras}
    kept: dict[str, dict[str, Any]] = cache.get_many(keys.values())
    missing = [camera for camera in cameras if keys[camera.pk] not in kept]
    if missing:
        seen = watched_of(site, missing, until=until)
        new = {keys[each.pk]: portrait_of(seen.get(each.pk), drawn) for each in missing}
        cache.set_many(new, KEPT_S)
        kept |= new
    return {camera_id: kept[key] for camera_id, key in keys.items()}


def _key(camera: Camera, drawn: Interval, until: int) -> str:
    watched = getattr(camera, "watchedcamera", None)
    parts = (camera.pk, watched.revision if watched else 0, *drawn, until, get_language())
    return f"recognition:{':'.join(map(str, parts))}"


def _turning(page: int, pages: int, here: str) -> dict[str, Any]:
    return {
        "page": page,
        "pages": pages,
        "before": f"{here}&page={page - 1}" if page > 1 else "",
        "next": f"{here}&page={page + 1}" if page < pages else "",
    }
