"""Keeps events until a server has them. What `put` has taken outlives a kill and a power cut.

One thread writes. It commits all that has queued up at once, so that callers share the disk's
slowness; each is answered after its commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import TypeVar

from edge.agent.buffer import Buffer, Corrupt, Dead, Reader, Room, Row
from edge.agent.journal import Journal, utc_now
from edge.agent.pulse import Pulse
from edge.agent.shape import Event, text_of
from edge.agent.vault import NoRoomError, OutboxError, UnusableError, Vault, Work

__all__ = ["NoRoomError", "Outbox", "OutboxError", "UnusableError"]

MAX_GROUP = 256  # callers in one commit, so that none waits long for the others
DEFAULT_ROOM = Room()

Letter = tuple[str, str, str, str]  # when, code, detail, text
Found = TypeVar("Found")


class Outbox:
    """`put` from any thread; `oldest`, `newest` and `settle` are the forwarder's."""

    def __init__(
        self,
        path: Path,
        *,
        room: Room = DEFAULT_ROOM,
        journal: Journal | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.arrived = Flag()  # something may wait that did not before
        self.put_rate = Pulse()
        self.is_full = False  # the last put found no room
        self._clock = clock
        self._vault = Vault(path, room, journal=journal or Journal(), clock=clock)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._writer = Thread(target=self._write, name="outbox", daemon=True)
        self._writer.start()

    # --- for those who bring ------------------------------------------------------------------

    def put(self, *events: Event, read_to: tuple[str, int] | None = None) -> None:
        """Returns when all of them are durable. Raises NoRoomError or OutboxError: none is kept.

        `read_to` is how far the file has been read that they come from, kept with them.
        """

        def keep(buffer: Buffer) -> None:
            if events:
                buffer.append(events)
            if read_to is not None:
                buffer.put_place(*read_to)

        try:
            self._do(keep)
        except NoRoomError:
            self.is_full = True
            raise
        self.is_full = False
        self.put_rate.count(len(events))
        self.arrived.set()

    def place_of(self, file: str) -> int:
        """How far the file has been read."""
        places: list[int] = []
        self._do(lambda buffer: places.append(buffer.place_of(file)))
        return places[-1]

    def forget_place(self, file: str) -> None:
        self._do(lambda buffer: buffer.forget_place(file))

    def bury(self, line: str, *, code: str, detail: str) -> None:
        """Keeps what is no event among the refused."""
        at = text_of(self._clock())
        self._do(lambda buffer: buffer.bury_line(line, code=code, detail=detail, at=at))

    # --- for the one who takes away -------------------------------------------------------------

    def oldest(self, limit: int, *, less: Iterable[int] = ()) -> list[Row]:
        """The events that have waited longest, but for those whose ids are given."""
        return self._read(lambda reader: reader.oldest(limit, less=less))

    def newest(self, limit: int, *, after: int) -> list[Row]:
        """The newest that came after that id, in order."""
        return self._read(lambda reader: reader.newest(limit, after=after))

    def settle(self, ids: Sequence[int], *, dead: Sequence[Dead] = (), **counted: int) -> None:
        """What the server has goes; what it refused becomes a dead letter."""
        at = text_of(self._clock())

        def clear(buffer: Buffer) -> None:
            buffer.bury(dead, at=at)
            buffer.remove(ids)
            buffer.count_up(**counted)

        self._do(clear)

    # --- for those who look ---------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """How many events nobody has answered for yet."""
        return self.figures().get("waiting", 0)

    @property
    def room(self) -> Room:
        return self._vault.room

    @property
    def broken(self) -> int:
        """How many broken files were replaced since the start."""
        return self._vault.generation - 1

    def figures(self) -> dict[str, int]:
        """All that was ever counted in this file."""
        return self._vault.buffer.figures

    def used_bytes(self) -> int:
        """What is used of the buffer's room."""
        return self._vault.buffer.used_bytes

    def sequences(self) -> dict[str, int]:
        """The number last given, by camera."""
        return self._vault.buffer.sequences

    def dead(self, limit: int = 100) -> list[Letter]:
        """The events refused last."""
        return self._read(lambda reader: reader.dead(limit))

    def close(self) -> None:
        """Finishes what was asked before."""
        if self._writer.is_alive():
            self._jobs.put(None)
            self._writer.join()
            self._vault.close()

    # --- how ------------------------------------------------------------------------------------

    def _read(self, look: Callable[[Reader], list[Found]]) -> list[Found]:
        """From a broken file comes nothing; when it returns, there is a new one."""
        generation = self._vault.generation
        try:
            return self._vault.read(look)
        except Corrupt as error:
            reason = str(error)

        def tell(_: Buffer) -> None:
            if self._vault.generation == generation:
                raise Corrupt(reason)

        self._do(tell)
        return []

    def _do(self, work: Work) -> None:
        """Returns when the work is committed; raises what kept it from that."""
        if not self._writer.is_alive():
            raise OutboxError("The buffer is closed")
        job = _Job(work)
        self._jobs.put(job)
        job.wait()

    def _write(self) -> None:
        is_last = False
        while not is_last:
            group, is_last = self._group()
            self._commit(group)

    def _group(self) -> tuple[list[_Job], bool]:
        """Waits for a job; that and what has queued up behind it, and whether it was the last."""
        group: list[_Job] = []
        with suppress(Empty):
            while len(group) < MAX_GROUP:
                job = self._jobs.get(block=not group)
                if job is None:
                    return group, True
                group.append(job)
        return group, False

    def _commit(self, group: list[_Job]) -> None:
        """All in one transaction; when that fails, each in its own."""
        error = self._error_of(group)
        for job in group:
            is_settled = error is None or len(group) == 1
            job.finish(error if is_settled else self._error_of([job]))

    def _error_of(self, group: list[_Job]) -> OutboxError | None:
        try:
            self._vault.write([job.work for job in group])
        except OutboxError as error:
            return error
        return None


class _Job:
    """What one caller wants done, and the caller's waiting for it."""

    __slots__ = ("_done", "_error", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self._done = Flag()
        self._error: OutboxError | None = None

    def finish(self, error: OutboxError | None) -> None:
        self._error = error
        self._done.set()

    def wait(self) -> None:
        self._done.wait()
        if self._error is not None:
            raise self._error
