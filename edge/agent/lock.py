"""One agent to a buffer: two would number and delete each other's events."""

from __future__ import annotations

from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # not on Windows: there nobody checks
    fcntl = None  # type: ignore[assignment]


class InUseError(Exception):
    """Another process holds it."""


def locked(path: Path) -> IO[str]:
    """A file that is locked until it is closed, or its process ends. Raises InUseError, OSError."""
    file = path.open("a")
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise InUseError(str(path)) from error
    return file
