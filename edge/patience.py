"""How long a sender waits before it tries again: the simulator's and the agent's."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

LONGEST_RETRY_AFTER = 3600.0  # a server that names a longer time is asked again after an hour


@dataclass(frozen=True)
class Patience:
    """Seconds: the first wait and any wait at most, and until a person has mended something."""

    first: float = 0.5
    longest: float = 60.0
    blocked: float = 60.0

    def wait(
        self, retry_after: float | None, *, is_blocked: bool, failures: int, dice: Random
    ) -> float:
        """Seconds until the next attempt: the server's own word, else doubling; full jitter."""
        if retry_after is not None:
            return min(retry_after, LONGEST_RETRY_AFTER) + dice.uniform(0, self.first)
        if is_blocked:
            return self.blocked
        return dice.uniform(0, min(self.longest, self.first * 2.0 ** min(failures - 1, 20)))
