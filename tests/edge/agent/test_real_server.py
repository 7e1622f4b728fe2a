"""The agent and the real server, killed in turns while cameras post and the network fails.

Afterwards every event that an agent has taken is in the server, once, at its own time, and the
figures are those of a site whose cameras had no trouble.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.demo.processes import ROOT, Command, free_port
from tests.edge.agent.agents import AgentProcess, Json, post
from tests.edge.agent.brokers import Broker
from tests.edge.agent.fault_proxy import FaultProxy
from tests.edge.agent.killing import AWAY, CAMERAS, HASTY, Cameras
from tests.edge.agent.test_frigate import RECORDED
from tests.fault_profile import PLANT_TURNS, SEED, Account, account

pytestmark = pytest.mark.faults
BEGAN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
MAKE_SITES = """
from tests.floor import Floor
for floor in (Floor("F1"), Floor("F2"), Floor("F3")):
    print("made", floor.gateway, floor._token_of("ada"))
"""
KINDS = ("working", "working", "idle", "absent", "product_count")
BATCH = 500


@dataclass
class Plant:
    """A server with three sites, a network before it, and what became of the first two."""

    database: Path
    port: int
    keys: tuple[str, str, str]
    token: str
    buffer: Path
    account: Account
    cameras: Cameras | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def figures(self, site: str, what: str, *, hours: tuple[int, int] = (0, 6)) -> Any:
        """Of the hours in which cameras saw something, after they began."""
        start, end = (BEGAN + timedelta(hours=each) for each in hours)
        window = {"start": start.isoformat(), "end": end.isoformat()}
        request = urllib.request.Request(
            f"{self.url}/api/v1/{what}/?{urlencode({'site': site, **window})}",
            headers={"Authorization": f"Token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            document = json.load(response)
        return _but_arrival(document.get("results") or [document["factory"]])

    def stored(self, site: str) -> list[tuple[str, int]]:
        with closing(sqlite3.connect(self.database)) as reader:
            return sorted(
                reader.execute(
                    "SELECT c.code, e.occurred_at FROM events_event e"
                    " JOIN workers_camera c ON c.id = e.camera_id"
                    " JOIN workers_site s ON s.id = e.site_id WHERE s.code = ?",
                    [site],
                )
            )


def _but_arrival(records: list[Json]) -> list[Json]:
    """When events came is another matter than when things happened."""
    return [{name: each[name] for name in each if name != "lag_avg_s"} for each in records]


def manage(database: Path, *words: str) -> str:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
    return subprocess.check_output(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, text=True, timeout=60
    )


def sees(number: int, n: int) -> Json:
    """One thing a second; two cameras each have two workers."""
    dice = Random(f"{SEED} {number} {n}")
    return {
        "timestamp": (BEGAN + timedelta(seconds=n, milliseconds=number)).isoformat(),
        "worker_id": f"W{number}",
        "workstation_id": f"S{dice.choice([number, number % CAMERAS + 1])}",
        "event_type": dice.choice(KINDS),
        "confidence": round(dice.uniform(0.5, 1), 3),
        "camera_id": f"C{number % 2 + 1}",
    }


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("plant")
    database = folder / "factory.sqlite3"
    manage(database, "migrate", "--verbosity=0")
    said = manage(database, "shell", "--verbosity=0", "-c", MAKE_SITES).splitlines()
    (_, first, token), (_, second, _), (_, third, _) = [
        each.split() for each in said if each[:4] == "made"
    ]
    keys = (first, second, third)
    kills = account("agent and server killed, link cut", wanted=PLANT_TURNS)
    plant = Plant(database, free_port(), keys, token, folder / "buffer.sqlite3", kills)
    disturb(plant, folder)
    with Command(("serve",), database, plant.port) as server:
        server.wait_until(server.answers)
        send_directly(plant)
        yield plant


def disturb(plant: Plant, folder: Path) -> None:
    """The cameras of the first site, through an agent."""
    dice, port = plant.account.dice, free_port()
    plant.cameras = Cameras(port, sees)
    own = (*HASTY, "--key", plant.keys[0], "--listen", f"127.0.0.1:{port}")
    proxy = FaultProxy(plant.port)
    with ExitStack() as stack:
        stack.callback(proxy.stop)
        for turn in plant.account.turns():
            with AgentProcess(folder, proxy.url, *own):
                if not turn:
                    plant.cameras.start()
                with Command(("serve",), plant.database, plant.port) as server:
                    server.wait_until(server.answers)
                    time.sleep(dice.uniform(0.05, 0.4))
                    proxy.set(dice.choice(AWAY))
                    time.sleep(dice.uniform(0.05, 0.2))
                    proxy.heal()
                    time.sleep(dice.uniform(0.05, 0.4))
                    os.killpg(server.process.pid, signal.SIGKILL)
                    plant.account.acknowledged = len(plant.cameras.acknowledged)
        agent = stack.enter_context(AgentProcess(folder, proxy.url, *own))
        with Command(("serve",), plant.database, plant.port) as server:
            server.wait_until(server.answers)
            plant.cameras.end()
            agent.wait_until_empty(60)


def send_directly(plant: Plant) -> None:
    """The same to the second site, with no trouble at all."""
    assert plant.cameras is not None
    events = list(plant.cameras.acknowledged.values())
    for begin in range(0, len(events), BATCH):
        part = events[begin : begin + BATCH]
        answer = post(plant.url, part, Authorization=f"Bearer {plant.keys[1]}")
        assert answer.document["accepted"] == len(part)


def test_there_was_work_at_every_kill(plant: Plant) -> None:
    assert len(plant.cameras.acknowledged) > 20 * plant.account.faults


def test_nothing_was_refused(plant: Plant) -> None:
    with closing(sqlite3.connect(plant.database)) as reader:
        refused = reader.execute(
            "SELECT r.code, r.detail, r.payload FROM events_refusedevent r"
            " JOIN workers_site s ON s.id = r.site_id WHERE s.code <> 'F3'"
        )
        assert refused.fetchall() == []


def test_no_agent_gave_an_event_up(plant: Plant) -> None:
    with closing(sqlite3.connect(plant.buffer)) as reader:
        assert reader.execute("SELECT code, detail, line FROM dead").fetchall() == []


def test_every_event_is_there_once_at_its_own_time(plant: Plant) -> None:
    through_agents, directly = Counter(plant.stored("F1")), Counter(plant.stored("F2"))
    plant.account.compare(directly, through_agents.elements())
    assert (directly - through_agents, through_agents - directly) == (Counter(), Counter())


@pytest.mark.parametrize("what", ["factory", "workers", "workstations", "timeline"])
def test_figures_are_those_of_cameras_without_trouble(plant: Plant, what: str) -> None:
    assert plant.figures("F1", f"metrics/{what}") == plant.figures("F2", f"metrics/{what}")
    assert plant.figures("F1", f"metrics/{what}")


def test_sums_follow_from_the_events(plant: Plant) -> None:
    assert "everything follows" in manage(plant.database, "verify")


def test_server_knows_that_nothing_is_missing(plant: Plant) -> None:
    """The agent numbers the events; each number came, however often it was killed."""
    hours = plant.figures("F1", "completeness")
    assert {each["camera_id"] for each in hours} == {"C1", "C2"}
    assert sum(each["missing"] for each in hours) == 0
    assert sum(each["received"] for each in hours) >= len(plant.cameras.acknowledged)


EIGHT = 8  # events follow from the recorded messages (test_frigate)
FRIGATE = """
[frigate]
[frigate camera line_1]
camera = C1
[frigate zone line_1/bench_1]
workstation = S1
worker = W1
[frigate zone line_1/bench_2]
workstation = S2
stationary = idle
[frigate faces]
Eve = W2
"""


def test_what_frigate_saw_is_a_filled_row(plant: Plant, tmp_path: Path) -> None:
    """Recorded messages, as if they had come six hours after all else."""
    (tmp_path / "frigate.ini").write_text(FRIGATE)
    broker = Broker(tmp_path)
    words = ("--config", str(tmp_path / "frigate.ini"), "--key", plant.keys[2])
    with AgentProcess(tmp_path, plant.url, *words, "--mqtt", broker.url) as agent:
        agent.wait_until(lambda: agent.said("mqtt_up"))
        for message in RECORDED:
            broker.publish("frigate/events", moved(message, BEGAN + timedelta(hours=6)))
        agent.wait_until(lambda: agent.health()["counted"]["put"] == EIGHT)
        agent.wait_until_empty()
        assert agent.health()["counted"]["refused"] == 3  # anon-bench_2
    broker.stop()
    rows = plant.figures("F3", "metrics/timeline", hours=(6, 7))
    seen = [(each["worker_id"], each["state"], length_of(each)) for each in rows]
    assert ("W1", "working", 298) in seen  # from the second second to the three hundredth
    assert ("W2", "working", 220) in seen


def moved(message: Json, goal: datetime) -> Json:
    """To another time, all of it by as much."""
    by = goal.timestamp() - 1_768_467_600
    after = dict(message["after"])
    for name in ("frame_time", "start_time", "end_time"):
        after[name] = after[name] and after[name] + by
    return {**message, "after": after}


def length_of(stretch: Json) -> int:
    start, end = (datetime.fromisoformat(stretch[name]) for name in ("start", "end"))
    return int((end - start).total_seconds())
