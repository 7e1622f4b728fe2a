"""What cameras see on a floor: believable events, the same for the same seed. No database.

A worker reports at about equal intervals what they do, changes it every few minutes, and now and
then moves to another workstation; while they work, units are counted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from random import Random
from typing import Final

from common.instants import DAY_MS, MINUTE_MS
from events.domain.observation import COUNT

Row = tuple[int, int, int, int, str, int, int, float | None, int, bool, str, str]
Shift = tuple[int, int]  # first and last minute of the UTC day

AT: Final = 5  # the column `occurred_at`
DELAY_MS = 400  # from the camera to us
MEAN_RUN_MS = {"working": 8 * MINUTE_MS, "idle": 2 * MINUTE_MS, "absent": 4 * MINUTE_MS}
UNITS_PER_REPORT = 0.28  # of a worker who works
MOVES = 0.1  # of the workers who begin to work again


@dataclass(frozen=True)
class Floor:
    """A site's ids, and how densely its workers are seen.

    Shifts are dealt out in turns, and so are workstations.
    """

    site_id: int
    workers: Sequence[int]
    stations: Sequence[int]
    cameras: Sequence[int]
    shifts: tuple[Shift, ...]
    interval_ms: int
    seed: int = 1


def days(floor: Floor, first_day: int) -> Iterator[list[Row]]:
    """The events of day after day from a midnight on, without end; each day in order of time."""
    day = first_day
    while True:
        rows = [
            row for number in range(len(floor.workers)) for row in _worker_day(floor, number, day)
        ]
        rows.sort(key=itemgetter(AT))
        yield rows
        day += DAY_MS


def stream(floor: Floor, first_day: int) -> Iterator[Row]:
    """The same, one by one."""
    for rows in days(floor, first_day):
        yield from rows


def _worker_day(floor: Floor, number: int, day: int) -> list[Row]:
    opens, closes = floor.shifts[number % len(floor.shifts)]
    dice = Random(f"{floor.seed}/{number}/{day}")
    start = day + opens * MINUTE_MS + int(dice.gauss(0, 4) * MINUTE_MS)
    end = day + closes * MINUTE_MS + int(dice.gauss(0, 4) * MINUTE_MS)
    return _seen(floor, number, start, end, dice.random)


def _seen(floor: Floor, number: int, at: int, end: int, random: Callable[[], float]) -> list[Row]:
    worker_id, interval = floor.workers[number], floor.interval_ms
    change = {state: interval / mean for state, mean in MEAN_RUN_MS.items()}
    home = place = number % len(floor.stations)
    state = "working"
    rows: list[Row] = []
    at += int(random() * interval)
    while at < end:
        if random() < change[state]:
            state = _following(state, random())
            if state == "working" and random() < MOVES:
                place = (home + (place == home)) % len(floor.stations)
        camera_id = floor.cameras[place % len(floor.cameras)]
        ids = (floor.site_id, camera_id, worker_id, floor.stations[place])
        confidence = round(1 - 0.45 * random() ** 2, 3)
        rows.append((*ids, state, at, at + DELAY_MS, confidence, 0, False, "", ""))
        if state == "working" and random() < UNITS_PER_REPORT:
            unit_at = at + interval // 4
            rows.append((*ids, COUNT, unit_at, unit_at + DELAY_MS, confidence, 1, False, "", ""))
        at += interval // 2 + int(random() * interval)
    return rows


def _following(state: str, chance: float) -> str:
    if state == "working":
        return "idle" if chance < 0.7 else "absent"
    return "working" if state == "absent" or chance < 0.85 else "absent"
