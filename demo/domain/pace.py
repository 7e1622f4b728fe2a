"""How long things take: units of work, stays in a state, and the hours at which all goes slower.

As in the simulated cameras (edge/pace.py), so that history and live figures are of one factory.
"""

from random import Random

from common.instants import MINUTE_MS, SECOND_MS
from demo.domain.plan import Plan, ShiftDay, Station

WORKING, IDLE, ABSENT, COUNT = "working", "idle", "absent", "product_count"
UNITS = 2  # a camera of the past counts them in pairs: as many units from half the events
START_UP_MIN = 40  # machines warm up, material is fetched
START_UP_VIGOUR = 0.4
DIP_MIN = 25  # before the meal and after it
DIP_VIGOUR = 0.55

_USUAL_S = {WORKING: (80, 280), IDLE: (10, 45), ABSENT: (20, 90)}
_STARVED_S = {WORKING: (35, 90), IDLE: (30, 100), ABSENT: (20, 90)}  # parts arrive late, hands rest


class Pace:
    """Draws lengths in milliseconds for one worker at one workstation in one shift."""

    def __init__(self, plan: Plan, shift_day: ShiftDay, worker: str, station: Station) -> None:
        self._cycle_ms = station.cycle_s * plan.slow.get(worker, 1) * SECOND_MS
        self._stays_s = _STARVED_S if station.code == plan.starved else _USUAL_S
        self._start, _ = shift_day.window
        self._meal = max(shift_day.breaks, key=lambda pause: pause[1] - pause[0])

    def cycle(self, dice: Random) -> float:
        """The working time between two counts at full vigour."""
        return UNITS * self._cycle_ms * (0.75 + 0.5 * dice.random())

    def stay(self, state: str, vigour: float, dice: Random) -> int:
        """How long a state lasts: with less vigour work is shorter and rest is longer."""
        low, high = self._stays_s[state]
        factor = vigour if state == WORKING else 1 / vigour
        return int((low + (high - low) * dice.random()) * factor * SECOND_MS)

    def vigour_at(self, at: int) -> float:
        """How briskly people work: 1 usually, less while a shift starts and around its meal."""
        since_start = (at - self._start) / MINUTE_MS
        to_meal = max(self._meal[0] - at, at - self._meal[1], 0) / MINUTE_MS
        return min(
            _risen(since_start / START_UP_MIN, START_UP_VIGOUR),
            _risen(to_meal / DIP_MIN, DIP_VIGOUR),
        )


def _risen(share: float, lowest: float) -> float:
    return lowest + (1 - lowest) * min(share, 1)
