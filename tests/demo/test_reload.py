"""A server that is told to load its code anew while clients post to it; none of them notices."""

import http.client
import json
import os
import signal
import threading
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from factory_project.server import PREFIX, _remove_left_behind
from tests.crowd import at_work
from tests.demo.processes import Command, is_alive
from tests.events.posting import SIZE, Fact, Plant, facts_of, stored

CLIENTS = 8
RELOADS = 3


@dataclass
class Release:
    """Code that changes: settings of its own, which a header of each answer tells."""

    folder: Path

    def write(self, header: str) -> None:
        text = f'from factory_project.settings import *\nSECURE_REFERRER_POLICY = "{header}"\n'
        (self.folder / "release_settings.py").write_text(text)

    def breaks(self) -> None:
        (self.folder / "release_settings.py").write_text("raise ValueError('broken release')\n")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "release_settings",
            "PYTHONDONTWRITEBYTECODE": "1",
        }


@dataclass
class Posters:
    """Half of them with a new connection for each request, half on one that they keep."""

    plant: Plant
    acknowledged: set[Fact] = field(default_factory=set)
    cut_off: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})
    faults: list[str] = field(default_factory=list)
    answers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at_work(self) -> AbstractContextManager[None]:
        return at_work(CLIENTS, self._post_on)

    def _post_on(self, number: int, stop: threading.Event) -> None:
        keeps, n, line = bool(number % 2), 0, self._line()
        while not stop.is_set():
            batch = self.plant.batch(number, n)
            try:
                status, answer = self._post(line, batch)
            except (OSError, http.client.HTTPException) as error:
                self.cut_off[keeps].append(repr(error))
                line.close()
                line = self._line()
                continue  # the same batch again: it is stored once
            with self._lock:
                self.answers += 1
                self.acknowledged |= facts_of(batch)
            if status != 200 or answer["accepted"] + answer["duplicate"] != SIZE:
                self.faults.append(f"{status} {answer}")
            n += 1
            if not keeps:
                line.close()
                line = self._line()
        line.close()

    def _line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.plant.port, timeout=30)

    def _post(self, line: http.client.HTTPConnection, batch: object) -> tuple[int, dict]:
        headers = {"Authorization": f"Bearer {self.plant.key}", "Content-Type": "application/json"}
        line.request("POST", "/api/v1/events/", json.dumps(batch), headers)
        response = line.getresponse()
        return response.status, json.loads(response.read())


@dataclass
class Reloaded:
    posters: Posters
    answers_of: list[int]  # how many came while each release was served
    counted: str  # what /metrics said in the end
    database: Path


def header(server: Command) -> str:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=30) as answer:
        return answer.headers["Referrer-Policy"]


def replaced(server: Command, change: Callable[[], None]) -> None:
    """Until the old process has gone."""
    old = set(server.descendants())
    change()
    server.process.send_signal(signal.SIGHUP)
    server.wait_until(lambda: not any(is_alive(pid) for pid in old))


@pytest.fixture(scope="module")
def reloaded(tmp_path_factory: pytest.TempPathFactory) -> Reloaded:
    plant = Plant(tmp_path_factory.mktemp("reloaded") / "factory.sqlite3")
    release = Release(tmp_path_factory.mktemp("release"))
    release.write("origin")
    posters, answers_of = Posters(plant), []
    with Command(("serve",), plant.database, plant.port, release.environment) as server:
        server.wait_until(server.answers)
        with posters.at_work():
            for word in ("same-origin", "strict-origin", "no-referrer")[:RELOADS]:
                before = posters.answers
                replaced(server, lambda word=word: release.write(word))
                assert header(server) == word, server.says()
                answers_of.append(posters.answers - before)
        with urllib.request.urlopen(f"{server.url}/metrics", timeout=30) as answer:
            counted = answer.read().decode()
        assert server.end(signal.SIGTERM) == 0
    return Reloaded(posters, answers_of, counted, plant.database)


def test_there_was_work_during_each(reloaded: Reloaded) -> None:
    assert min(reloaded.answers_of) > CLIENTS


def test_no_new_connection_was_refused_or_cut_off(reloaded: Reloaded) -> None:
    assert reloaded.posters.cut_off[False] == []


def test_connection_that_was_kept_ended_with_an_answer(reloaded: Reloaded) -> None:
    assert reloaded.posters.cut_off[True] == []


def test_every_answer_was_as_always(reloaded: Reloaded) -> None:
    assert reloaded.posters.faults == []


def test_all_that_was_acknowledged_is_stored_once(reloaded: Reloaded) -> None:
    assert sorted(stored(reloaded.database)) == sorted(reloaded.posters.acknowledged)


def test_counters_are_of_all_processes_there_were(reloaded: Reloaded) -> None:
    counter = 'factory_ingested_events_total{code="",outcome="accepted"} '
    [line] = [line for line in reloaded.counted.splitlines() if line.startswith(counter)]
    assert float(line.removeprefix(counter)) == len(reloaded.posters.acknowledged)


def test_no_process_that_has_gone_waits_for_the_writer(reloaded: Reloaded) -> None:
    assert "factory_writer_waiting_batches 0.0" in reloaded.counted.splitlines()
    assert "factory_server_processes 1.0" in reloaded.counted.splitlines()


def test_code_that_would_not_start_is_not_loaded_and_the_old_goes_on(tmp_path: Path) -> None:
    release = Release(tmp_path)
    release.write("origin")
    file = tmp_path / "new.sqlite3"
    with Command(("serve",), file, environment=release.environment) as server:
        server.wait_until(server.answers)
        release.breaks()
        server.process.send_signal(signal.SIGHUP)
        server.wait_until_said("Not reloaded")
        assert header(server) == "origin"
        replaced(server, lambda: release.write("same-origin"))
        assert header(server) == "same-origin"
        assert server.end(signal.SIGTERM) == 0


def test_process_that_dies_is_replaced(tmp_path: Path) -> None:
    with Command(("serve",), tmp_path / "new.sqlite3") as server:
        server.wait_until(server.answers)
        [first] = server.descendants()
        os.kill(first, signal.SIGKILL)
        server.wait_until(lambda: bool(server.descendants().keys() - {first}))
        server.wait_until(server.answers)
        assert server.end(signal.SIGTERM) == 0


def test_counters_that_a_killed_server_left_behind_are_removed(tmp_path: Path) -> None:
    gone, here = tmp_path / f"{PREFIX}999999999-a", tmp_path / f"{PREFIX}{os.getpid()}-b"
    gone.mkdir()
    here.mkdir()
    _remove_left_behind(tmp_path)
    assert list(tmp_path.iterdir()) == [here]
