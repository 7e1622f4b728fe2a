"""Which sightings of the demo's history have a picture: few, since each has to be drawn.

Enough for a look: some of every camera in the last days, and of the one that sinks some from its
good days too, so that people can compare.
"""

from bisect import bisect_right

from common.instants import DAY_MS, HOUR_MS, MINUTE_MS, ceil_to
from common.intervals import Interval
from demo.domain.history import Sighting
from demo.domain.mishaps import STEADY_DAYS
from demo.domain.plan import Plan

LATELY_MS = 3 * DAY_MS
EVERY_MS = 160 * MINUTE_MS  # 27 in three days, each of the next camera
SINKING_MS = 2 * DAY_MS
SINKING_EVERY_MS = 7 * HOUR_MS
FROM_GOOD_DAYS = 6


class Chosen:
    """The sightings in a window that have a picture: the first of a camera after certain times."""

    def __init__(self, plan: Plan, window: Interval, *, opened_at: int) -> None:
        self._due = {
            camera: sorted(at for at in times if window[0] <= at < window[1])
            for camera, times in _times(plan, window[1], opened_at).items()
        }

    def takes(self, sighting: Sighting) -> bool:
        """To be asked of every sighting in order of time."""
        due = self._due.get(sighting.camera, [])
        passed = bisect_right(due, sighting.occurred_at)
        del due[:passed]
        return passed > 0


def _times(plan: Plan, end: int, opened_at: int) -> dict[str, list[int]]:
    """On the clock, not counted from the window's start: a window in two parts has the same."""
    manned = {post.station for shift in plan.shifts for post in shift.posts}
    cameras = [station.camera for station in plan.stations if station.code in manned]
    times: dict[str, list[int]] = {camera: [] for camera in cameras}
    for at in _marks(end - LATELY_MS, end, EVERY_MS):
        times[cameras[at // EVERY_MS % len(cameras)]].append(at)
    good = STEADY_DAYS * DAY_MS // FROM_GOOD_DAYS
    times[plan.sinking_camera] += [
        *_marks(end - SINKING_MS, end, SINKING_EVERY_MS),
        *(opened_at + good // 2 + good * number for number in range(FROM_GOOD_DAYS)),
    ]
    return times


def _marks(start: int, end: int, step: int) -> range:
    return range(ceil_to(start, step), end, step)
