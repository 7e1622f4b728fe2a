"""The buffer's file and its fate: opened, written, read, and replaced when it breaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TypeVar

from edge.agent import aside
from edge.agent.buffer import Buffer, Corrupt, FullError, Reader, Room
from edge.agent.journal import Journal
from edge.agent.lock import InUseError, locked

MAX_TRIES = 3  # new files after broken ones

Found = TypeVar("Found")
Work = Callable[[Buffer], None]


class OutboxError(Exception):
    """Nothing was kept; the text says why."""


class NoRoomError(OutboxError):
    """The buffer, or the disk, is full."""


class UnusableError(OutboxError):
    """The buffer can't be opened at all, and a new one would not help."""


class Vault:
    """`write` from one thread, `read` from any."""

    def __init__(
        self, path: Path, room: Room, *, journal: Journal, clock: Callable[[], datetime]
    ) -> None:
        self.path, self.room = path, room
        self.generation = 0  # how often it was opened; the first time is 1
        self._journal, self._clock = journal, clock
        self._reading = Lock()
        self._is_open = False
        self._fault = ""  # what is wrong with the file, as long as it is in its place
        try:
            self._lock = locked(path.with_name(f"{path.name}.lock"))
        except InUseError as error:
            raise UnusableError(f"Another agent uses the buffer {path}") from error
        except OSError as error:
            raise UnusableError(f"The buffer {path} can't be used: {error.strerror}") from error
        self._open()

    def write(self, works: Iterable[Work]) -> None:
        """All of the works, or none. Raises OutboxError; then none was done."""
        for _ in range(MAX_TRIES):
            if self._is_written(works):
                return
        raise OutboxError("The buffer is broken, and so are new ones")

    def read(self, look: Callable[[Reader], Found]) -> Found:
        """Raises Corrupt, or OutboxError where another try may help."""
        with self._reading:
            try:
                return look(self._reader)
            except sqlite3.Error as error:
                raise OutboxError(str(error)) from error

    @property
    def buffer(self) -> Buffer:
        """To look at what it remembers."""
        return self._buffer

    def close(self) -> None:
        self._shut()
        self._lock.close()

    def _is_written(self, works: Iterable[Work]) -> bool:
        """False where the file turned out to be broken."""
        try:
            if not self._is_open:
                self._open()
            with self._buffer.transaction():
                for work in works:
                    work(self._buffer)
        except Corrupt as error:
            self._shut()
            self._fault = str(error)
            return False
        except FullError as error:
            raise NoRoomError(str(error)) from error
        except (sqlite3.Error, OSError) as error:
            is_full = "full" in str(error)
            raise (NoRoomError if is_full else OutboxError)(str(error)) from error
        return True

    def _open(self) -> None:
        """Raises UnusableError where a new file would fare no better."""
        for _ in range(MAX_TRIES):
            if self._is_opened():
                return
        raise UnusableError(f"The buffer {self.path} is broken, and so are new ones")

    def _is_opened(self) -> bool:
        try:
            self._move_aside()
            self._buffer = Buffer(self.path, self.room)
            self._take_back()
        except Corrupt as error:
            self._fault = str(error)
            return False
        except (sqlite3.Error, OSError) as error:
            raise UnusableError(f"The buffer {self.path} can't be used: {error}") from error
        with self._reading:
            self._reader = Reader(self.path)
        self.generation += 1
        self._is_open = True
        return True

    def _shut(self) -> None:
        self._is_open = False
        with self._reading:
            self._reader.close()
        self._buffer.close()

    def _move_aside(self) -> None:
        """If there is a fault in the file."""
        if self._fault:
            moved_to = aside.move(self.path, at=self._clock())
            self._journal.error("buffer_broken", reason=self._fault, moved_to=str(moved_to))
            self._fault = ""

    def _take_back(self) -> None:
        """What a file that was moved aside still gives goes into the new one."""
        for file in aside.unsaved(self.path):
            saved = 0
            for rows in aside.saved(file):
                with self._buffer.transaction():
                    saved += self._buffer.take_back(rows)
            aside.mark_saved(file)
            self._journal.warning("buffer_saved", events=saved, moved_from=str(file))
