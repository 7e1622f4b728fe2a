"""What the pages of an alert and of a camera share: plots of a segment, versions side by side."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from common import clock
from common.instants import DAY_MS, HOUR_MS, to_datetime, to_ms
from drift.domain.reference import EVERY_TYPE
from drift.models import WatchedCamera
from drift.plots import over_time
from drift.plots.geometry import Plot
from drift.plots.over_time import View
from drift.plots.spread import spread_plot
from drift.queries import recognition
from drift.queries.recognition import NothingSeenError, Version, Watched
from drift.watching import alert_words, checks
from workers.models import Camera

SHOWN_BEFORE_MS = 4 * DAY_MS  # of an onset
SHOWN_AFTER_MS = 2 * DAY_MS  # of the end of an alert
SHOWN_OF_CAMERA_MS = 14 * DAY_MS


def evaluated_until(camera: Camera) -> int:
    """Up to when a camera's alerts speak; of one never evaluated, up to now."""
    watched = WatchedCamera.objects.filter(camera=camera).first()
    return to_ms(watched.evaluated_until) if watched else checks.closed_at(to_ms(clock.now()))


def watched_or_none(camera: Camera, version: str, until: int) -> Watched | None:
    """A version's watching, if it has sent any confidence."""
    try:
        return recognition.watched(camera, version, until=until)
    except NothingSeenError:
        return None


def chosen_kind(request: HttpRequest, seen: Watched, usual: str) -> str:
    """The segment asked for, else the usual one."""
    asked = request.GET.get("segment", usual)
    return asked if asked in seen.kinds else EVERY_TYPE


def segments_of(seen: Watched, kind: str) -> list[dict[str, Any]]:
    """The segments to choose from."""
    return [
        {
            "value": each,
            "label": alert_words.kind_of({"event_type": each}),
            "is_chosen": each == kind,
        }
        for each in seen.kinds
    ]


def plots_of(view: View) -> list[Plot]:
    """All four, under each other."""
    found = [
        over_time.mean_plot(view),
        over_time.sums_plot(view),
        over_time.volume_plot(view),
        spread_plot(view),
    ]
    return [plot for plot in found if plot is not None]


def versions_table(camera: Camera, until: int) -> dict[str, Any]:
    """Versions as columns: what is alike stands in a line."""
    versions = recognition.versions_of(camera, until=until)
    kinds = sorted({kind for each in versions for kind in each.means} - {EVERY_TYPE})
    lines = [
        ("First seen", [_moment(camera, each.first_at) for each in versions]),
        ("Last seen", [_moment(camera, each.last_at) for each in versions]),
        ("Events", [f"{each.events:,}" for each in versions]),
        ("Mean confidence", [_mean(each, EVERY_TYPE) for each in versions]),
        *(
            (f"… {alert_words.kind_of({'event_type': kind})}", [_mean(v, kind) for v in versions])
            for kind in kinds
        ),
        ("Reference", [_reference(each) for each in versions]),
        ("Alerts", [f"{each.alerts}" for each in versions]),
    ]
    return {"names": [each.name or "no version named" for each in versions], "lines": lines}


def _moment(camera: Camera, at: int) -> str:
    moment = to_datetime(at).astimezone(ZoneInfo(camera.site.time_zone))
    return f"{moment:%Y-%m-%d %H:%M}"


def _mean(version: Version, kind: str) -> str:
    return f"{version.means[kind]:.3f}" if kind in version.means else "–"


def _reference(version: Version) -> str:
    if not version.reference_days:
        return "still learning"
    days = f"{version.reference_days} days, every {version.grain_minutes} min"
    return days if version.reference_days >= 7 else f"provisional: {days}"


def window_of_alert(onset: int, ended: int | None, until: int) -> tuple[int, int]:
    """From some days before its onset to some days after its end, or to now."""
    end = until if ended is None else min(ended + SHOWN_AFTER_MS, until)
    return onset - SHOWN_BEFORE_MS, max(end, onset) + HOUR_MS
