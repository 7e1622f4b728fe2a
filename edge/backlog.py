"""Lines that wait to be sent: first in, first out, bounded, shared by two threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Condition
from time import monotonic


class Backlog:
    """One side adds; the other takes, and sleeps here so that closing wakes it."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._lines: deque[str] = deque()
        self._changed = Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def closed(self) -> bool:
        return self._closed

    def add(self, lines: Sequence[str]) -> int:
        """How many of the oldest lines had to go, because the backlog was full."""
        with self._changed:
            self._lines.extend(lines)
            dropped = max(len(self._lines) - self._capacity, 0)
            for _ in range(dropped):
                self._lines.popleft()
            self._changed.notify_all()
        return dropped

    def take(self, *, limit: int, timeout: float | None) -> list[str]:
        """The oldest lines; none after `timeout` seconds without any, or when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._closed, timeout)
            return [self._lines.popleft() for _ in range(min(limit, len(self._lines)))]

    def sleep(self, seconds: float) -> None:
        """Returns after that time, or as soon as the backlog is closed."""
        wake_at = monotonic() + seconds
        with self._changed:
            self._changed.wait_for(lambda: self._closed, wake_at - monotonic())

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
