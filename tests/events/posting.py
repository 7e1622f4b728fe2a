"""A real server on a SQLite file, and clients that post to it until it has acknowledged."""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from common import clock
from common.instants import to_ms
from tests.demo.processes import ROOT, Command, free_port
from tests.floor import Json, after, event

CLIENTS = 8
SIZE = 25  # events in a batch
WORKERS = 5
MAKE_A_SITE = "from tests.floor import Floor; print('key', Floor().key)"

Fact = tuple[str, int]  # a worker and an instant


@dataclass
class Plant:
    """A site in a database of its own; `bug` names one of tests.events.broken_servers."""

    database: Path
    bug: str = ""
    port: int = field(default_factory=free_port)
    began: datetime = field(default_factory=lambda: clock.now() - timedelta(days=2))

    def __post_init__(self) -> None:
        file, self.key = _with_a_site()
        self.database.write_bytes(file)

    def server(self, *, wrapper: tuple[str, ...] = ()) -> Command:
        environment = {}
        if self.bug:
            environment = {
                "DJANGO_SETTINGS_MODULE": "tests.events.broken_settings",
                "SEEDED_BUG": self.bug,
            }
        return Command(("serve",), self.database, self.port, environment, wrapper)

    def post(self, batch: list[Json], *, port: int | None = None) -> tuple[int, Json]:
        """Status and document. Raises OSError, HTTPException or ValueError without an answer."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{port or self.port}/api/v1/events/"
        request = urllib.request.Request(url, json.dumps(batch).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def batch(self, number: int, n: int) -> list[Json]:
        """The n-th of a client: one event a second, none of them another client's."""
        return [
            event(
                after(self.began, seconds=n * SIZE + m, milliseconds=number),
                worker=f"W{number % WORKERS + 1}",
            )
            for m in range(SIZE)
        ]


@dataclass
class Clients:
    """Each posts batch after batch, and each batch until it is acknowledged."""

    plant: Plant
    acknowledged: set[Fact] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)  # answers that clients must never see
    _stop: threading.Event = field(default_factory=threading.Event)  # no further batches
    _give_up: threading.Event = field(default_factory=threading.Event)  # nor the same again
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Whatever happens inside, no thread stays behind."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            self._work = [pool.submit(self._post_on, number) for number in range(CLIENTS)]
            try:
                yield
            finally:
                self._stop.set()
                self._give_up.set()

    def finish(self) -> None:
        """Once all that was sent is acknowledged."""
        self._stop.set()
        for each in self._work:
            each.result(60)

    def known(self) -> set[Fact]:
        with self._lock:
            return set(self.acknowledged)

    def _post_on(self, number: int) -> None:
        n = 0
        while not self._stop.is_set():
            batch = self.plant.batch(number, n)
            while not self._is_acknowledged(batch):
                if self._give_up.wait(0.05):
                    return
            with self._lock:
                self.acknowledged |= facts_of(batch)
            n += 1

    def _is_acknowledged(self, batch: list[Json]) -> bool:
        try:
            status, answer = self.plant.post(batch)
        except (OSError, http.client.HTTPException, ValueError):
            return False  # killed before or while it answered
        if status >= 400:
            self.faults.append(f"{status} {answer}")
            return False
        return bool(answer["accepted"] + answer["duplicate"] == len(batch))


def facts_of(batch: list[Json]) -> set[Fact]:
    return {
        (each["worker_id"], to_ms(datetime.fromisoformat(each["timestamp"]).astimezone(UTC)))
        for each in batch
    }


def stored(database: Path) -> list[Fact]:
    with closing(sqlite3.connect(database)) as reader:
        return reader.execute(
            "SELECT code, occurred_at FROM events_event e JOIN workers_worker w ON w.id = worker_id"
        ).fetchall()


def is_whole(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as reader:
        return reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def manage(database: Path | str, *words: str) -> str:
    """What a command says, whether it succeeds or not. A text is a URL."""
    url = f"sqlite:///{database}" if isinstance(database, Path) else database
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=900,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


def sums_follow(database: Path | str) -> bool:
    return "everything follows" in manage(database, "verify")


@lru_cache
def _with_a_site() -> tuple[bytes, str]:
    """A database file, made once, and the key that it knows."""
    with TemporaryDirectory(prefix="factory-tests-") as folder:
        database = Path(folder) / "factory.sqlite3"
        manage(database, "migrate", "--verbosity=0")
        said = manage(database, "shell", "--verbosity=0", "-c", MAKE_A_SITE)
        return database.read_bytes(), said.split()[-1]
