"""A log of events, dealt out so that many send the same, in disorder."""

import random
from datetime import datetime

from tests.floor import Json, after, count, event

BATCHES = 12  # of each sender
KINDS = ("working", "idle", "absent")


def log(began: datetime) -> list[Json]:
    """Ten minutes of five workers at three workstations, and units an hour later."""
    return [
        *(
            event(after(began, seconds=n), f"W{n % 5 + 1}", f"S{n % 3 + 1}", KINDS[n % 3])
            for n in range(600)
        ),
        *(count(after(began, hours=1, seconds=n), n, worker=f"W{n % 5 + 1}") for n in range(200)),
    ]


def shares(events: list[Json], *, among: int) -> list[list[list[Json]]]:
    """Batches of each: a part of the log of its own, and much that others send too."""
    return [_share(events, seed, among) for seed in range(among)]


def _share(events: list[Json], seed: int, among: int) -> list[list[Json]]:
    dice = random.Random(seed)
    mine = events[seed::among] + dice.sample(events, 300)
    dice.shuffle(mine)
    return [mine[n::BATCHES] for n in range(BATCHES)]
