"""Simulated cameras: confidences of a model that is sure by day, less so by night, and then drifts.

Hours are correlated (light, dirt, crews), and so are events (a worker stays where they are).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import cos, pi
from random import Random

from common.instants import DAY_MS, HOUR_MS
from drift.domain.buckets import QUARTER_MS, SCALE, sums
from drift.domain.points import Row

START = 20_000 * DAY_MS  # a midnight
TYPES = {"working": 0.55, "idle": 0.2, "absent": 0.1, "product_count": 0.15}
MIX_AFTER = {"working": 0.2, "idle": 0.6, "absent": 0.1, "product_count": 0.1}
SURENESS = {"working": 0.01, "idle": -0.02, "absent": -0.04, "product_count": 0.02}
SEASON = 0.015  # less by night
HOURLY = 0.006  # standard deviation of what hours have to themselves
MEMORY = 0.6  # of an hour for the one before
REPEATS = 1 / 3  # of events say what the one before said
TIGHTNESS = 40.0  # of a beta distribution: the larger, the narrower
QUANTILES = 1_024


@dataclass(frozen=True)
class Sight:
    """How a camera sees at a moment."""

    mean: float = 0.93
    tightness: float = TIGHTNESS
    mix: Mapping[str, float] = field(default_factory=lambda: TYPES)
    less: Mapping[str, float] = field(default_factory=dict)  # of single types


Change = Callable[[Sight, float], Sight]  # by hours since it began


def sudden(to: float) -> Change:
    """From one bucket to the next."""
    return lambda sight, _: replace(sight, mean=to)


def gradual(to: float, hours: float) -> Change:
    """Evenly, over so many hours."""
    return lambda sight, since: replace(
        sight, mean=sight.mean + (to - sight.mean) * min(since / hours, 1)
    )


def wider(tightness: float) -> Change:
    """As sure on average, and further from it."""
    return lambda sight, _: replace(sight, tightness=tightness)


def one_type(kind: str, less: float) -> Change:
    """Only one type of event is recognised worse."""
    return lambda sight, _: replace(sight, less={kind: less})


def other_mix() -> Change:
    """Other work, recognised as well as before."""
    return lambda sight, _: replace(sight, mix=MIX_AFTER)


@dataclass(frozen=True)
class World:
    """What happens to each of its cameras, and from when on (drawn within a day)."""

    name: str
    change: Change | None
    days: int = 17
    changes_on: int = 12
    per_hour: float = 300  # events by day; a quarter of it by night


@dataclass(frozen=True)
class Film:
    """What one camera saw: rows of quarters of an hour by event type."""

    rows: dict[str, list[Row]]
    starts: int
    changed_at: int
    ends: int


def film(world: World, number: int) -> Film:
    """The camera of that number, always the same."""
    dice = Random(f"{world.name}/{number}")
    changed_at = START + world.changes_on * DAY_MS + dice.randrange(24 * 4) * QUARTER_MS
    ends = START + world.days * DAY_MS
    rows: dict[str, list[Row]] = {kind: [] for kind in TYPES}
    lasting = 0.0
    for at in range(START, ends, QUARTER_MS):
        if at % HOUR_MS == 0:
            lasting = MEMORY * lasting + dice.gauss(0, HOURLY * (1 - MEMORY**2) ** 0.5)
        sight = Sight()
        if world.change and at >= changed_at:
            sight = world.change(sight, (at - changed_at) / HOUR_MS)
        sight = replace(sight, mean=sight.mean + lasting - _night(at) * SEASON)
        expected = world.per_hour / 4 * (1 - 0.75 * _night(at))
        for kind, share in sight.mix.items():
            seen = _seen(sight, kind, expected * share, dice)
            if seen:
                rows[kind].append((at, *sums(seen)))
    return Film(rows, START, changed_at, ends)


def _night(at: int) -> float:
    """0 at two in the afternoon, 1 at two in the morning."""
    return (1 + cos(2 * pi * (at % DAY_MS / HOUR_MS - 2) / 24)) / 2


def _seen(sight: Sight, kind: str, expected: float, dice: Random) -> list[int]:
    mean = sight.mean + SURENESS[kind] - sight.less.get(kind, 0)
    values = _values(round(mean, 3), sight.tightness)
    seen: list[int] = []
    for _ in range(max(0, round(dice.gauss(expected, expected**0.5)))):
        repeats = seen and dice.random() < REPEATS
        seen.append(seen[-1] if repeats else values[int(dice.random() * QUANTILES)])
    return seen


@cache
def _values(mean: float, tightness: float) -> list[int]:
    """A large sample of a beta distribution, in ten-thousandths."""
    dice = Random(f"{mean}/{tightness}")
    mean = min(max(mean, 0.02), 0.995)
    a, b = mean * tightness, (1 - mean) * tightness
    return [round(dice.betavariate(a, b) * SCALE) for _ in range(QUANTILES)]
