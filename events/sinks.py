"""Where accepted batches go.

The direct sink stores them; what waits at the same time shares one commit.
"""

import os
import queue
import threading
from functools import lru_cache

from django.db import DatabaseError, connection, connections

from events.domain.batch import Batch, Receipt
from events.store import store

MAX_WAITING = (
    512  # batches; beyond that the writer does not keep up and callers are asked to come back
)
MAX_GROUP_EVENTS = 5_000  # events in one commit, so that none waits long for the others
PATIENCE_S = 60


class BusyError(Exception):
    """The writer is behind; nothing was stored, try again."""


class DirectSink:
    """Stores through one writer thread per process; it commits what has queued up as one group."""

    def __init__(self) -> None:
        self._queue: queue.Queue[_Ticket | None] = queue.Queue(MAX_WAITING)
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None

    def store(self, batch: Batch) -> Receipt:
        """Returns once the batch is committed.

        Inside an open transaction it is stored right there.
        """
        if connection.in_atomic_block:
            return store([batch])[0]
        self._start()
        ticket = _Ticket(batch)
        try:
            self._queue.put_nowait(ticket)
        except queue.Full:
            raise BusyError from None
        return ticket.wait()

    def close(self) -> None:
        """Ends the writer after what is queued; it starts again with the next batch."""
        with self._lock:
            if self._writer is not None:
                self._queue.put(None)
                self._writer.join()
                self._writer = None

    def _start(self) -> None:
        if self._writer is None:
            with self._lock:
                if self._writer is None:
                    self._writer = threading.Thread(
                        target=self._write, name="event-writer", daemon=True
                    )
                    self._writer.start()

    def _write(self) -> None:
        while (ticket := self._queue.get()) is not None:
            _store_group([ticket, *self._waiting(len(ticket.batch.message.items))])
        connections.close_all()

    def _waiting(self, events: int) -> "list[_Ticket]":
        group: list[_Ticket] = []
        while events < MAX_GROUP_EVENTS:
            try:
                ticket = self._queue.get_nowait()
            except queue.Empty:
                break
            if ticket is None:
                self._queue.put(None)
                break
            group.append(ticket)
            events += len(ticket.batch.message.items)
        return group


class _Ticket:
    """A batch that waits for the writer, and its outcome."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._done = threading.Event()
        self._outcome: Receipt | Exception | None = None

    def resolve(self, outcome: Receipt | Exception) -> None:
        self._outcome = outcome
        self._done.set()

    def wait(self) -> Receipt:
        if not self._done.wait(PATIENCE_S) or self._outcome is None:
            raise BusyError
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def _store_group(group: list[_Ticket]) -> None:
    """All in one commit; on an error each alone, so that one batch can't fail another."""
    try:
        outcomes: list[Receipt | Exception] = [*store([ticket.batch for ticket in group])]
    except Exception as error:  # noqa: BLE001 - the writer outlives any batch; the caller gets it
        _drop_broken_connection(error)
        outcomes = [_store_alone(ticket) for ticket in group] if len(group) > 1 else [error]
    for ticket, outcome in zip(group, outcomes, strict=True):
        ticket.resolve(outcome)


def _store_alone(ticket: _Ticket) -> Receipt | Exception:
    try:
        return store([ticket.batch])[0]
    except Exception as error:  # noqa: BLE001 - as above
        return error


def _drop_broken_connection(error: Exception) -> None:
    if isinstance(error, DatabaseError):
        connection.close_if_unusable_or_obsolete()


@lru_cache
def _sink_of(_process: int) -> DirectSink:
    return DirectSink()


def sink() -> DirectSink:
    """The sink of this process; a forked child gets one of its own."""
    return _sink_of(os.getpid())
