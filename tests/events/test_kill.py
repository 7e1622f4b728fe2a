"""A server killed ten times in the middle of its work: what it acknowledged is there, once."""

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from common import clock
from common.instants import to_ms
from tests.demo.processes import ROOT, Command, free_port
from tests.floor import Json, after, event

pytestmark = pytest.mark.faults
KILLS = 10
CLIENTS = 4
SIZE = 25  # events in a batch
WORK_S = 0.4  # between a start and the kill
MAKE_A_SITE = "from tests.floor import Floor; print('key', Floor().key)"


@dataclass
class Clients:
    """Each posts batch after batch, and each batch until it is acknowledged."""

    url: str
    key: str
    began: datetime
    stop: threading.Event = field(default_factory=threading.Event)  # no further batches
    give_up: threading.Event = field(default_factory=threading.Event)  # nor the same again
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        """Whatever has happened, no thread stays behind."""
        self.stop.set()
        self.give_up.set()

    def work(self, number: int) -> None:
        n = 0
        while not self.stop.is_set():
            batch = [
                event(after(self.began, seconds=n * SIZE + m), worker=f"W{number + 1}")
                for m in range(SIZE)
            ]
            self.post_until_acknowledged(batch)
            n += 1

    def post_until_acknowledged(self, batch: list[Json]) -> None:
        while not self.post(batch):
            if self.give_up.wait(0.05):
                return
        self.acknowledged |= {(item["worker_id"], item["timestamp"]) for item in batch}

    def post(self, batch: list[Json]) -> bool:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url, json.dumps(batch).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                self.faults.append(f"{error.code} {error.read()!r}")
            return False
        except (
            OSError,
            http.client.HTTPException,
            ValueError,
        ):  # killed before or while it answered
            return False
        return bool(answer["accepted"] + answer["duplicate"] == len(batch))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed") / "factory.sqlite3"


def manage(database: Path, *words: str) -> str:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
    return subprocess.check_output(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def survivors(database: Path) -> Clients:
    manage(database, "migrate", "--verbosity=0")
    key = manage(database, "shell", "--verbosity=0", "-c", MAKE_A_SITE).split()[-1]
    port = free_port()
    began = clock.now() - timedelta(days=2)
    clients = Clients(f"http://127.0.0.1:{port}/api/v1/events/", key, began)
    with ThreadPoolExecutor(CLIENTS) as pool, clients:
        work = [pool.submit(clients.work, number) for number in range(CLIENTS)]
        for _ in range(KILLS):
            with Command(("serve",), database, port) as server:
                server.wait_until(server.answers)
                time.sleep(WORK_S)
                os.killpg(server.process.pid, signal.SIGKILL)
        with Command(("serve",), database, port) as server:
            server.wait_until(server.answers)
            clients.stop.set()
            for each in work:
                each.result(30)
    return clients


def stored(database: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(database)) as reader:
        return reader.execute(
            "SELECT code, occurred_at FROM events_event e JOIN workers_worker w ON w.id = worker_id"
        ).fetchall()


def test_there_was_work_at_every_kill(survivors: Clients) -> None:
    assert len(survivors.acknowledged) > KILLS * SIZE * CLIENTS


def test_every_acknowledged_event_is_there_once(survivors: Clients, database: Path) -> None:
    assert sorted(stored(database)) == sorted(
        (code, to_ms(datetime.fromisoformat(moment))) for code, moment in survivors.acknowledged
    )


def test_no_answer_was_a_fault(survivors: Clients) -> None:
    assert survivors.faults == []


def test_file_is_whole(survivors: Clients, database: Path) -> None:
    with closing(sqlite3.connect(database)) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_sums_follow_from_the_events(survivors: Clients, database: Path) -> None:
    assert "everything follows" in manage(database, "verify")
