"""Calls that are waited for so long and no longer, whatever they hang on."""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class Bounded(Generic[T]):
    """A call in a thread of its own. Who comes while it runs waits for the same one."""

    def __init__(self, call: Callable[[], T], *, patience_s: float) -> None:
        self._call, self._patience_s = call, patience_s
        self._lock = threading.Lock()
        self._running: Future[T] | None = None

    def result(self) -> T:
        """What the call returns or raises. Raises TimeoutError when it takes too long."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = self._started()
            running = self._running
        return running.result(self._patience_s)

    def _started(self) -> Future[T]:
        outcome: Future[T] = Future()
        context = contextvars.copy_context()  # its log lines belong to the request
        # A daemon: one that hangs does not hold up the end of the server.
        threading.Thread(target=context.run, args=(self._run, outcome), daemon=True).start()
        return outcome

    def _run(self, outcome: Future[T]) -> None:
        try:
            found = self._call()
        except Exception as error:  # noqa: BLE001 - the one who asked gets it
            connections.close_all()
            outcome.set_exception(error)
        else:
            connections.close_all()
            outcome.set_result(found)
