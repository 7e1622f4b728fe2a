"""How much each camera of a site has seen lately, against the weeks before."""

from collections import defaultdict

from common import dialect
from common.instants import DAY_MS, HOUR_MS
from common.intervals import length
from drift.domain.points import offset_at
from drift.domain.volume import HOURS, WEEKS, Volume, volume_of
from drift.models import ConfidenceBucket, Segment
from workers.domain.calendar import scheduled
from workers.domain.master import MasterData

_COLUMNS = ("segment_id", "start_at", "n")


def at_site(master: MasterData, *, until: int) -> dict[int, Volume]:
    """By camera, of the last hours up to a full one; what is not scheduled is left out."""
    starts = [_weeks_before(master, until, weeks) - HOURS * HOUR_MS for weeks in range(WEEKS + 1)]
    shares = _scheduled_shares(master, starts[0])
    seen: defaultdict[int, list[float]] = defaultdict(lambda: [0.0] * len(starts))
    if any(shares):
        cameras = dict(
            Segment.objects.filter(camera__site_id=master.site_id).values_list("pk", "camera_id")
        )
        for week, start in enumerate(starts):
            for segment_id, at, n in _rows(list(cameras), start):
                seen[cameras[segment_id]][week] += n * shares[(at - start) // HOUR_MS]
    return {camera_id: volume_of(now, weeks) for camera_id, (now, *weeks) in seen.items()}


def _weeks_before(master: MasterData, instant: int, weeks: int) -> int:
    """The instant at which local clocks showed the same, so many weeks ago."""
    earlier = instant - weeks * 7 * DAY_MS
    now, then = (offset_at(master.time_zone, at // HOUR_MS) for at in (instant, earlier))
    return earlier + now - then


def _scheduled_shares(master: MasterData, start: int) -> list[float]:
    hours = range(start, start + HOURS * HOUR_MS, HOUR_MS)
    return [length(scheduled(master, (hour, hour + HOUR_MS))) / HOUR_MS for hour in hours]


def _rows(segments: list[int], start: int) -> list[dialect.Row]:
    windows = [(segment, start, start + HOURS * HOUR_MS - 1) for segment in sorted(segments)]
    return dialect.within(ConfidenceBucket, _COLUMNS, _COLUMNS[:2], windows)
