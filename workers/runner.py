"""Runs background tasks as they fall due, each in a thread of its own: none waits for another."""

import logging
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.utils.module_loading import import_string

from common import clock
from common.instants import MINUTE_MS, to_ms
from common.logs import known_by
from workers import tasks

POLL_S = 0.5  # how late a task may start, and how long a signal may wait
AWAY_S = 5  # between looks at a database that is away
LEASE_MS = MINUTE_MS  # what a killed worker held is taken over after this
BEAT_S = 15  # how often a lease is renewed
ONCE_LEASE_MS = 15 * MINUTE_MS  # `--once` renews nothing while it works
PASSING = (OperationalError, InterfaceError)  # of the database: away, restarted, or busy

log = logging.getLogger(__name__)


class Task(NamedTuple):
    """What to call, and how often."""

    path: str
    every_s: int
    call: Callable[..., object]


def tasks_of(configured: Sequence[tuple[str, int]]) -> list[Task]:
    """The tasks that settings name. Raises ImportError."""
    return [Task(path, every_s, import_string(path)) for path, every_s in configured]


class Runner:
    """One worker. Several may run, in processes or on machines of their own."""

    def __init__(self, todo: Sequence[Task]) -> None:
        self._tasks = {task.path: task for task in todo}
        self._name = secrets.token_hex(8)
        self._running: dict[str, Future[None]] = {}
        self._is_entered = self._is_away = self._is_stopping = False
        self._beat_at = 0.0

    def stop(self, *_: object) -> None:
        """Starts nothing more. Fit for a signal: it takes no lock."""
        self._is_stopping = True

    def run(self) -> None:
        """Until `stop`, and until what runs then has ended. Waits while the database is away."""
        with ThreadPoolExecutor(max(1, len(self._tasks))) as pool:
            while not self._is_stopping or self._running:
                self._look(pool)
                time.sleep(AWAY_S if self._is_away and not self._is_stopping else POLL_S)

    def run_once(self) -> list[str]:
        """Runs all that is due, one after the other; the paths of those that failed."""
        failed = []
        for path in self._tasks:
            if self._claim([path], ONCE_LEASE_MS):
                error = _outcome_of(self._tasks[path])
                self._settle(path, error)
                failed += [path] if error else []
        return failed

    def _look(self, pool: ThreadPoolExecutor) -> None:
        self._running = {path: run for path, run in self._running.items() if not run.done()}
        try:
            self._keep_running()
            if not self._is_stopping:
                for path in self._claim(self._tasks.keys() - self._running.keys(), LEASE_MS):
                    self._running[path] = pool.submit(self._run, path)
        except (DatabaseError, InterfaceError) as error:  # tables that are still to come included
            self._note_away(error)
        else:
            self._note_back()
        close_old_connections()

    def _claim(self, paths: Collection[str], lease_ms: int) -> list[str]:
        now_ms = to_ms(clock.now())
        if not self._is_entered:
            tasks.enter(self._tasks, now_ms=now_ms)
            self._is_entered = True
        return tasks.claim_due(paths, by=self._name, now_ms=now_ms, lease_ms=lease_ms)

    def _keep_running(self) -> None:
        if self._running and time.monotonic() - self._beat_at >= BEAT_S:
            until_ms = to_ms(clock.now()) + LEASE_MS
            tasks.keep(self._running.keys(), by=self._name, until_ms=until_ms)
            self._beat_at = time.monotonic()

    def _run(self, path: str) -> None:
        """In a thread of its own, on a connection of its own."""
        error = _outcome_of(self._tasks[path])
        close_old_connections()  # a task may leave a broken one behind
        try:
            self._settle(path, error)
        except (DatabaseError, InterfaceError) as gone:  # it is due again when the lease is over
            log.warning("The end of %s could not be noted: %s", path, _words(gone))
        close_old_connections()

    def _settle(self, path: str, error: str) -> None:
        now_ms, every_s = to_ms(clock.now()), self._tasks[path].every_s
        tasks.settle(path, by=self._name, every_s=every_s, error=error, now_ms=now_ms)

    def _note_away(self, error: Exception) -> None:
        if not self._is_away:
            log.warning("The database can't be used; the worker waits for it. %s", _words(error))
        self._is_away = True

    def _note_back(self) -> None:
        if self._is_away:
            log.info("The database can be used again; the worker goes on.")
        self._is_away = False


def _outcome_of(task: Task) -> str:
    """Empty, or what went wrong."""
    try:
        with known_by(task=task.path):
            task.call(now_ms=to_ms(clock.now()))
    except PASSING as error:
        log.warning("%s could not use the database: %s", task.path, _words(error))
        return _words(error)
    except Exception as error:
        log.exception("%s failed; it is tried again later.", task.path)
        return _words(error)
    return ""


def _words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:1000]
