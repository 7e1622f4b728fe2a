"""Where a worker should be at a moment, according to the plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, tzinfo

from edge.plan import Camera, Duty, Plan


@dataclass(frozen=True)
class Post:
    """The camera that should see a worker now, unless they are on a break."""

    camera: Camera
    on_break: bool


@dataclass(frozen=True)
class Roster:
    """One worker's duties, at however many workstations."""

    zone: tzinfo
    duties: tuple[tuple[Camera, Duty], ...]

    def post_at(self, moment: datetime) -> Post | None:
        """Where the worker should be; None when off duty."""
        local = moment.astimezone(self.zone)
        for camera, duty in self.duties:
            if duty.covers(local):
                return Post(camera, duty.pauses(local))
        return None


def rosters_of(plan: Plan) -> dict[str, Roster]:
    """Each worker of the plan with their duties, in the order of their first mention."""
    duties: defaultdict[str, list[tuple[Camera, Duty]]] = defaultdict(list)
    for camera in plan.cameras:
        for duty in camera.rotation:
            duties[duty.worker_id].append((camera, duty))
    return {worker_id: Roster(plan.zone, tuple(theirs)) for worker_id, theirs in duties.items()}
