"""How many of something there were per second, over the last minute."""

from __future__ import annotations

from collections import deque
from threading import Lock
from time import monotonic
from typing import Callable

WINDOW_SECONDS = 60


class Pulse:
    """Counts by whole seconds; from any thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began_at = clock()
        self._seconds: deque[list[int]] = deque()  # [second, number], the newest last
        self._lock = Lock()

    def count(self, number: int) -> None:
        second = int(self._clock())
        with self._lock:
            if self._seconds and self._seconds[-1][0] == second:
                self._seconds[-1][1] += number
            elif number:
                self._seconds.append([second, number])
                self._forget(second)

    def per_second(self) -> float:
        """Since the start, where that was less than a minute ago."""
        now = self._clock()
        with self._lock:
            self._forget(int(now))
            total = sum(number for _, number in self._seconds)
        return round(total / min(max(now - self._began_at, 1.0), WINDOW_SECONDS), 2)

    def _forget(self, second: int) -> None:
        while self._seconds and self._seconds[0][0] <= second - WINDOW_SECONDS:
            self._seconds.popleft()
