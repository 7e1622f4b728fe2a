"""How far the faults go, and what they have done.

FAULTS=full, which `make faults` sets, goes as far as it takes; without it they are brief enough for
`make test`. FAULT_SEED draws their moments anew, FAULT_MINUTES bounds each suite.
"""

import os
import time
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

IS_FULL = os.environ.get("FAULTS") == "full"
SEED = int(os.environ.get("FAULT_SEED", "5"))
LONGEST = timedelta(minutes=float(os.environ.get("FAULT_MINUTES", "20")))

SERVER_KILLS = 300 if IS_FULL else 10
CONSUMER_KILLS = 100 if IS_FULL else 5
AGENT_KILLS = 400 if IS_FULL else 16
PLANT_TURNS = 50 if IS_FULL else 2  # in each an agent and a server are killed
FULL_DISKS = 20 if IS_FULL else 2
POSTGRES_CRASHES = 100 if IS_FULL else 2
POWER_CUTS = 100 if IS_FULL else 5
HOSTILE_DRAWS = 50_000 if IS_FULL else 100


@dataclass
class Account:
    """What a suite has done so far; the run ends with a line of it, also when interrupted."""

    suite: str
    wanted: int
    faults: int = 0
    acknowledged: int = 0
    missing: int | None = None  # None: nobody has compared yet
    twice: int | None = None

    def __post_init__(self) -> None:
        self.dice = Random(SEED)
        self._give_up_at = time.monotonic() + LONGEST.total_seconds()

    def is_over(self) -> bool:
        return self.faults >= self.wanted or time.monotonic() > self._give_up_at

    def turns(self) -> Iterator[int]:
        """As many as are wanted, unless time runs out before."""
        while not self.is_over():
            yield self.faults
            self.faults += 1

    def compare(self, acknowledged: Collection[Hashable], stored: Iterable[Hashable]) -> None:
        """Adds up what is not there and what is there more than once."""
        found = Counter(stored)
        self.acknowledged = len(acknowledged)
        self.missing = (self.missing or 0) + sum(each not in found for each in acknowledged)
        self.twice = (self.twice or 0) + sum(times - 1 for times in found.values())

    @property
    def is_clean(self) -> bool:
        return (self.missing, self.twice) == (0, 0)

    def __str__(self) -> str:
        numbers = (self.faults, self.wanted, self.acknowledged, self.missing, self.twice)
        shown = ["-" if number is None else f"{number:,}" for number in numbers]
        faults, wanted, *compared = shown
        return "  ".join([f"{self.suite:34}{faults:>7} of {wanted:>6}", *_right(compared)])


ACCOUNTS: list[Account] = []


def account(suite: str, *, wanted: int) -> Account:
    """One that is shown when the run ends."""
    ACCOUNTS.append(Account(suite, wanted))
    return ACCOUNTS[-1]


def lines() -> Iterator[str]:
    """All accounts as a table."""
    heads = _right(["acknowledged", "missing", "twice"])
    yield "  ".join([f"{f'seed {SEED}':34}{'faults':>17}", *heads])
    yield from map(str, ACCOUNTS)


def _right(texts: Collection[str]) -> list[str]:
    return [f"{text:>12}" for text in texts]
