"""Has the simulated cameras' pictures drawn by the program that simulates them (edge/draw.py)."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from django.conf import settings


class CannotDrawError(Exception):
    """Says where to look."""


class Artist:
    """A process that draws while the `with` block lasts; it starts with the first picture."""

    def __init__(self, time_zone: str) -> None:
        self._time_zone = time_zone
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="demo-pictures-")
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.communicate()  # no more lines: it ends
        self._folder.cleanup()

    def draw(self, event: Mapping[str, object], *, sunk: float) -> bytes:
        """The picture of an event, always the same. Raises CannotDrawError."""
        process = self._process = self._process or self._started()
        if not (process.stdin and process.stdout):
            raise BrokenPipeError("The drawing process was started without pipes.")
        print(json.dumps({**event, "sunk": sunk}), file=process.stdin, flush=True)
        name = process.stdout.readline().rstrip("\n")
        if not name:
            raise CannotDrawError("The drawing program has ended; what it said stands above.")
        return Path(name).read_bytes()

    def _started(self) -> "subprocess.Popen[str]":
        words = ["draw", "--to", self._folder.name, "--time-zone", self._time_zone]
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "edge", *words],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
