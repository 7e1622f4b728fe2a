"""One worker's day as the cameras see it: the roster says where, the work says what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from edge.confidence import confidence_of, sunk_after
from edge.pace import pace_of, whole_ms
from edge.plan import Camera
from edge.roster import Roster
from edge.sighting import ABSENT, PRODUCT_COUNT, Sighting
from edge.work import Work

FIRST_LOOK_SECONDS = 0.5  # a started floor looks alive within a second


@dataclass(frozen=True)
class Tempo:
    """How often cameras report, how fast things happen, and since when confidence sinks."""

    interval: timedelta
    speed: float
    began_at: datetime


class Routine:
    """Each `step` goes to `next_at` and gives what is seen there, if anything."""

    def __init__(self, worker_id: str, roster: Roster, dice: Random, tempo: Tempo) -> None:
        self.worker_id = worker_id
        self._roster = roster
        self._dice = dice
        self._tempo = tempo
        self._camera: Camera | None = None  # where the worker was last seen
        self.begin(tempo.began_at)

    def begin(self, at: datetime) -> None:
        """Forgets what was under way; the next look follows within a second."""
        self._work: Work | None = None
        self._look_at = at + whole_ms(self._dice.uniform(0, FIRST_LOOK_SECONDS))

    @property
    def next_at(self) -> datetime:
        return min(self._look_at, self._work.next_at) if self._work else self._look_at

    def step(self) -> Sighting | None:
        at = self.next_at
        post = self._roster.post_at(at)
        if post is None:
            return self._leave(at)
        if post.on_break:
            return self._pause(at, self._camera or post.camera)
        if self._work is None or post.camera != self._camera:
            return self._arrive(at, post.camera)
        return self._see(self._work.step(at), at, post.camera)

    def _leave(self, at: datetime) -> Sighting | None:
        """Says `absent` once, where the worker was last seen; then there is no more to say."""
        camera, self._camera, self._work = self._camera, None, None
        if camera is not None:
            return self._see(ABSENT, at, camera)
        self._look_at = at + self._tempo.interval
        return None

    def _pause(self, at: datetime, camera: Camera) -> Sighting:
        self._camera, self._work = camera, None
        return self._see(ABSENT, at, camera)

    def _arrive(self, at: datetime, camera: Camera) -> Sighting:
        pace = pace_of(
            worker_id=self.worker_id,
            workstation_id=camera.workstation_id,
            speed=self._tempo.speed,
        )
        self._camera, self._work = camera, Work(pace, self._dice, arrived_at=at)
        return self._see(self._work.state, at, camera)

    def _see(self, event_type: str, at: datetime, camera: Camera) -> Sighting:
        if event_type != PRODUCT_COUNT:
            self._look_at = at + self._tempo.interval
        return Sighting(
            seen_at=at,
            camera_id=camera.camera_id,
            worker_id=self.worker_id,
            workstation_id=camera.workstation_id,
            event_type=event_type,
            confidence=confidence_of(event_type, self._dice, sunk=self._sunk(camera, at)),
        )

    def _sunk(self, camera: Camera, at: datetime) -> float:
        hours = (at - self._tempo.began_at) / timedelta(hours=1)
        return sunk_after(camera, hours * self._tempo.speed)
