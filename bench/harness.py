"""How everything is measured: two things in turns, in rounds, medians of the rounds' ratios."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Size:
    """How much a run does. `TINY` only shows that everything still runs."""

    rounds: int
    workers: int
    batch: int  # events in a POST
    batches: int  # POSTs in a round
    singles: int  # one-event POSTs in a round, of all connections
    polls: int  # questions in a round, of all connections
    days: int  # of the big sets
    interval_ms: int  # between two reports of a worker, where the set is not a big one
    load: int  # events, while memory is looked at
    backlog: int  # events in an edge agent's buffer


FULL = Size(
    rounds=7,
    workers=100,
    batch=1_000,
    batches=30,
    singles=2_000,
    polls=1_000,
    days=30,
    interval_ms=11_200,
    load=400_000,
    backlog=1_000_000,
)
TINY = Size(
    rounds=1,
    workers=4,
    batch=20,
    batches=2,
    singles=16,
    polls=16,
    days=2,
    interval_ms=60_000,
    load=400,
    backlog=600,
)


@dataclass(frozen=True)
class Outcome:
    """What one benchmark measured: medians, and the ratio of each round."""

    unit: str
    ours: float
    counterpart: float | None
    ratios: tuple[float, ...]
    note: str = ""

    @property
    def measured(self) -> float:
        """The median of the rounds' ratios; the figure itself where there is no counterpart."""
        return median(self.ratios) if self.ratios else self.ours


Measure = Callable[[int], float]  # takes the number of the round; 0 warms up


def compare(
    ours: Measure, counterpart: Measure, *, rounds: int, unit: str, note: str = ""
) -> Outcome:
    """Both in turns, the first of a round changing; one round before the first warms up."""
    pairs = [_pair(ours, counterpart, number) for number in range(rounds + 1)][1:]
    return Outcome(
        unit,
        median(mine for mine, _ in pairs),
        median(theirs for _, theirs in pairs),
        tuple(mine / theirs for mine, theirs in pairs),
        note,
    )


def seconds(do: Callable[[], object]) -> float:
    """How long it takes."""
    began = perf_counter()
    do()
    return perf_counter() - began


def _pair(ours: Measure, counterpart: Measure, number: int) -> tuple[float, float]:
    if number % 2:
        theirs = counterpart(number)
        return ours(number), theirs
    mine = ours(number)
    return mine, counterpart(number)
