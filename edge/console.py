"""What the person at the terminal reads: progress on stdout, each trouble once on stderr."""

from __future__ import annotations

import sys
from threading import Lock


class Console:
    """Shared by all threads of a run; a trouble is told again only after it had gone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._troubles: set[str] = set()

    def say(self, line: str) -> None:
        with self._lock:
            print(line, flush=True)

    def warn(self, trouble: str, line: str) -> None:
        """Tells a trouble unless it has been told and not gone since."""
        with self._lock:
            if trouble not in self._troubles:
                self._troubles.add(trouble)
                print(line, file=sys.stderr, flush=True)

    def relieve(self, trouble: str, line: str) -> None:
        """Tells that a trouble is over, if it had been told."""
        with self._lock:
            if trouble in self._troubles:
                self._troubles.remove(trouble)
                print(line, file=sys.stderr, flush=True)
