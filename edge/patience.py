"""How long a sender waits before it tries again."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from edge.answer import Answer, Outcome, outcome_of

LONGEST_RETRY_AFTER = 3600.0  # a server that names a longer time is asked again after an hour


@dataclass(frozen=True)
class Patience:
    """Seconds to wait after the first failure, at most, and until a person has mended something."""

    first: float = 0.5
    longest: float = 30.0
    slow: float = 60.0

    def wait(self, answer: Answer, *, failures: int, dice: Random) -> float:
        """Seconds until the next attempt: the server's own word, else doubling; with jitter."""
        if answer.retry_after is not None:
            return min(answer.retry_after, LONGEST_RETRY_AFTER) + dice.uniform(0, self.first)
        if outcome_of(answer) is Outcome.BLOCKED:
            return self.slow
        doubled = min(self.longest, self.first * 2.0 ** min(failures - 1, 20))
        return dice.uniform(doubled / 2, doubled)
