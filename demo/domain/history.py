"""Believable history: everything that the demo factory's cameras see in a window, as plain values.

Pure and seeded: each (seed, day, shift, worker) has dice of its own, so that any part of a window
is the same part of the same history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from common.intervals import Interval, covers
from demo.domain import mishaps
from demo.domain.pace import ABSENT, COUNT, IDLE, WORKING
from demo.domain.plan import Plan, ShiftDay, shift_days
from demo.domain.routine import routine

CONFIDENCE = {  # mean and spread, as in the simulated cameras (edge/confidence.py)
    WORKING: (0.94, 0.02),
    IDLE: (0.91, 0.03),
    ABSENT: (0.92, 0.025),
    COUNT: (0.95, 0.015),
}
LOWEST, HIGHEST = 0.05, 0.995


class Sighting(NamedTuple):
    """An event before it is sent; instants are milliseconds since 1970 UTC."""

    occurred_at: int
    worker: str
    station: str
    camera: str
    event_type: str
    confidence: float
    received_at: int


@dataclass(frozen=True)
class _Camera:
    """What is wrong with a camera in a shift."""

    outages: list[Interval]
    link_gaps: list[Interval]
    sunk: float


def history(plan: Plan, window: Interval, *, opened_on: date, seed: int) -> Iterator[Sighting]:
    """What is seen in the window, in order of time; nothing before the factory was opened."""
    for shift_day in shift_days(plan, window):
        if shift_day.day >= opened_on:
            cameras = _cameras(plan, shift_day, opened_on, seed)
            for sighting in _shift(plan, shift_day, cameras, seed):
                if window[0] <= sighting.occurred_at < window[1]:
                    yield sighting


def _shift(
    plan: Plan, shift_day: ShiftDay, cameras: dict[str, _Camera], seed: int
) -> list[Sighting]:
    workers = dict.fromkeys(post.worker for post in shift_day.shift.posts)
    return sorted(
        sighting
        for worker in workers
        for sighting in _seen_of(plan, shift_day, worker, cameras, seed)
    )


def _seen_of(
    plan: Plan, shift_day: ShiftDay, worker: str, cameras: dict[str, _Camera], seed: int
) -> Iterator[Sighting]:
    dice = Random(f"{seed} {shift_day.label} {worker}")
    for station, look in routine(plan, shift_day, worker, dice):
        camera = cameras[station.camera]
        confidence = _confidence(look.event_type, camera.sunk, dice)
        received_at = mishaps.received_at(look.at, camera.link_gaps, dice)
        if not covers(camera.outages, look.at):
            yield Sighting(
                look.at,
                worker,
                station.code,
                station.camera,
                look.event_type,
                confidence,
                received_at,
            )


def _confidence(event_type: str, sunk: float, dice: Random) -> float:
    usual, spread = CONFIDENCE[event_type]
    return round(min(max(dice.gauss(usual - sunk, spread), LOWEST), HIGHEST), 3)


def _cameras(plan: Plan, shift_day: ShiftDay, opened_on: date, seed: int) -> dict[str, _Camera]:
    found = {}
    for station in plan.stations:
        dice = Random(f"{seed} {shift_day.label} {station.camera}")
        found[station.camera] = _Camera(
            mishaps.outages(plan, shift_day, station.camera, dice),
            mishaps.link_gaps(shift_day, dice),
            mishaps.sunk(plan, station.camera, shift_day.day, opened_on=opened_on),
        )
    return found
