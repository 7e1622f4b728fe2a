"""The whole shop floor, without clock or network: dice, a plan and a moment give what is seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from edge.plan import Plan
from edge.roster import rosters_of
from edge.routine import Routine, Tempo
from edge.sighting import Sighting

LONGEST_BLINK = timedelta(minutes=1)  # who slept longer than this saw nothing in between


class Floor:
    """Everything that the plan's cameras see; the same dice give the same sightings."""

    def __init__(
        self,
        plan: Plan,
        dice: Random,
        *,
        began_at: datetime,
        interval: timedelta,
        speed: float = 1.0,
    ) -> None:
        self._now = began_at.replace(microsecond=began_at.microsecond // 1000 * 1000)
        tempo = Tempo(interval, speed, self._now)
        self._routines = [
            Routine(worker_id, roster, Random(dice.getrandbits(64)), tempo)
            for worker_id, roster in rosters_of(plan).items()
        ]

    def advance(self, now: datetime) -> list[Sighting]:
        """What was seen since the last call, up to and including `now`, in order of time.

        However often it is asked, the answers together are the same, unless a call follows the
        last one by more than a minute: then that time went unseen.
        """
        if now - self._now > LONGEST_BLINK:
            self._wake(now)
        self._now = max(now, self._now)
        seen = [sighting for routine in self._routines for sighting in _until(now, routine)]
        return sorted(seen, key=lambda sighting: (sighting.seen_at, sighting.worker_id))

    def _wake(self, now: datetime) -> None:
        whole = now.replace(microsecond=now.microsecond // 1000 * 1000)
        for routine in self._routines:
            routine.begin(whole)


def _until(now: datetime, routine: Routine) -> list[Sighting]:
    seen = []
    while routine.next_at <= now:
        sighting = routine.step()
        if sighting is not None:
            seen.append(sighting)
    return seen
