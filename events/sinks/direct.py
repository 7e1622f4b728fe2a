"""The sink that stores at once; what comes at about the same time shares one commit."""

import queue
import threading
from datetime import datetime

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    connections,
)

from events.domain.batch import Batch, Receipt
from events.sinks.busy import BusyError
from events.store import store
from workers import keys

MAX_WAITING = (
    512  # batches; beyond that the writer does not keep up and callers are asked to come back
)
MAX_GROUP_EVENTS = 5_000  # events in one commit, so that none waits long for the others
GATHERING_S = 0.002  # a caller of the last group who is not back by then is not waited for
PATIENCE_S = 60
_BEHIND = "The writer is behind; nothing was stored."


class DirectSink:
    """Stores through one writer thread per process; it commits what has queued up as one group."""

    def __init__(self) -> None:
        self._queue: queue.Queue[_Ticket | None] = queue.Queue(MAX_WAITING)
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._usual = 1  # batches in the last group

    def key_for(self, text: str, *, at: datetime) -> keys.Key | None:
        """Whose key this is, and notes that it was used."""
        key = keys.key_for(text, at=at)
        if key is not None:
            keys.touch(key.id, at)
        return key

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
            raise BusyError(_BEHIND) from None
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
            group = self._gathered(ticket)
            self._usual = len(group)
            _store_group(group)
        connections.close_all()

    def _gathered(self, first: "_Ticket") -> "list[_Ticket]":
        """All that wait, with those who are about to come.

        The callers of the last group were answered together. Those who go on will soon be back, and
        one commit for all of them costs little more than one for the first.
        """
        group, events = [first], len(first.batch.message.items)
        while events < MAX_GROUP_EVENTS:
            ticket = self._next(GATHERING_S if len(group) < self._usual else 0)
            if ticket is None:
                break
            group.append(ticket)
            events += len(ticket.batch.message.items)
        return group

    def _next(self, patience_s: float) -> "_Ticket | None":
        """None when nobody comes, or all is to end."""
        try:
            ticket = self._queue.get(timeout=patience_s) if patience_s else self._queue.get_nowait()
        except queue.Empty:
            return None
        if ticket is None:
            self._queue.put(None)
        return ticket


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
            raise BusyError(_BEHIND)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def _store_group(group: list[_Ticket]) -> None:
    """All in one commit; on an error each alone, so that one batch can't fail another.

    A database that is away, busy or full is no batch's fault: each would wait for it in vain.
    """
    try:
        outcomes: list[Receipt | Exception] = [*store([ticket.batch for ticket in group])]
    except (OperationalError, InterfaceError) as error:
        _drop_broken_connection(error)
        outcomes = [error] * len(group)
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
    if isinstance(error, DatabaseError | InterfaceError):
        connection.close_if_unusable_or_obsolete()
