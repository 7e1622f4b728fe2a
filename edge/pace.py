"""How long things take on this shop floor: cycle times and the lengths of working, idle, absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from edge.sighting import ABSENT, IDLE, WORKING

USUAL_CYCLE_SECONDS = 36.0
CYCLE_SECONDS = {"S1": 24.0, "S2": 32.0, "S3": 55.0, "S4": 38.0, "S5": 28.0, "S6": 44.0}
STARVED_WORKSTATIONS = {"S3"}  # the bottleneck: parts arrive late, so hands rest
SLOW_WORKERS = {"W5": 1.6}
SHORTEST = timedelta(seconds=0.2)  # at any speed no two sightings share a millisecond


@dataclass(frozen=True)
class Pace:
    """Draws lengths of time: of a unit of work, and of a stay in a state."""

    cycle_seconds: tuple[float, float]
    stay_seconds: dict[str, tuple[float, float]]
    speed: float

    def cycle(self, dice: Random) -> timedelta:
        return self._length(self.cycle_seconds, dice)

    def stay(self, state: str, dice: Random) -> timedelta:
        return self._length(self.stay_seconds[state], dice)

    def _length(self, seconds: tuple[float, float], dice: Random) -> timedelta:
        return max(whole_ms(dice.uniform(*seconds) / self.speed), SHORTEST)


def pace_of(*, worker_id: str, workstation_id: str, speed: float) -> Pace:
    """The pace of this worker at this workstation, `speed` times faster than life."""
    cycle = CYCLE_SECONDS.get(workstation_id, USUAL_CYCLE_SECONDS)
    cycle *= SLOW_WORKERS.get(worker_id, 1.0)
    starved = workstation_id in STARVED_WORKSTATIONS
    stays = {
        WORKING: (35.0, 90.0) if starved else (80.0, 280.0),
        IDLE: (30.0, 100.0) if starved else (10.0, 45.0),
        ABSENT: (20.0, 90.0),
    }
    return Pace((cycle * 0.75, cycle * 1.25), stays, speed)


def whole_ms(seconds: float) -> timedelta:
    """That many seconds in whole milliseconds, as the wire has them."""
    return timedelta(milliseconds=int(seconds * 1000))
