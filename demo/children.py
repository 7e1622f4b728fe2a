"""Processes that live as long as this one: watched, and ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

POLL_S = 0.2
STOP_S = 15  # longer than the server gives to requests under way


class ChildEndedError(Exception):
    """One of them ended by itself, so that the others are of no use."""


class Children:
    """Leaving the `with` block ends them all, the last one first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for child in reversed(self._running.values()):
            _end(child)

    def start(self, name: str, command: Sequence[str]) -> None:
        """In a group of its own: Ctrl-C reaches only us, and we end all of them in order."""
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=self._folder, start_new_session=True
        )

    def check(self) -> None:
        """Raises ChildEndedError if one of them has ended."""
        for name, child in self._running.items():
            if child.poll() is not None:
                raise ChildEndedError(f"{name} ended with exit code {child.returncode}.")

    def wait(self) -> None:
        """Raises ChildEndedError as soon as one of them ends; returns never."""
        while True:
            self.check()
            time.sleep(POLL_S)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    with suppress(subprocess.TimeoutExpired):
        child.wait(STOP_S)
    with suppress(ProcessLookupError):  # usually the whole group is gone by now
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
