"""`manage.py run_demo`: a factory that moves; Ctrl-C ends all of it; started again it goes on."""

import os
import signal
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from demo.accounts import DEMO_ACCOUNTS
from demo.children import Children
from demo.keys import demo_key
from demo.live import CannotRunError, bring_up
from tests.demo.processes import Command, is_alive

READY = "Ctrl-C ends it"


@dataclass
class Run:
    """How a run went, from its start to its end."""

    url: str
    events_at_start: int
    children: dict[int, str]
    exit_code: int
    said: str


def ask(database: Path, sql: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(sql).fetchone()[0])


def events(database: Path) -> int:
    return ask(database, "SELECT count(*) FROM events_event")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "demo.sqlite3"


@pytest.fixture(scope="module")
def first(database: Path) -> Run:
    """Until the cameras have sent something, then Ctrl-C."""
    with Command(("run_demo", "--days", "2"), database) as demo:
        demo.wait_until_said(READY)
        seeded = events(database)
        demo.wait_until(lambda: events(database) > seeded)
        assert demo.answers()
        children = demo.descendants()
        code = demo.end(signal.SIGINT)
        return Run(demo.url, seeded, children, code, demo.says())


@pytest.fixture(scope="module")
def second(first: Run, database: Path) -> Run:
    """On the same data, until its server dies."""
    with Command(("run_demo", "--days", "2"), database) as demo:
        demo.wait_until_said(READY)
        seeded = events(database)
        children = demo.descendants()
        os.kill(
            next(pid for pid, line in children.items() if "factory_project.server" in line),
            signal.SIGKILL,
        )
        return Run(demo.url, seeded, children, demo.process.wait(60), demo.says())


def test_history_is_there_before_the_cameras_send(first: Run) -> None:
    assert first.events_at_start > 10_000


def test_it_says_where_to_look_and_how_to_log_in(first: Run) -> None:
    assert f"{first.url}/" in first.said
    for account in DEMO_ACCOUNTS:
        assert f"{account.username}, password {account.password}" in first.said
    assert demo_key("CAM-7").text in first.said


def test_a_server_a_worker_and_a_simulation_run(first: Run) -> None:
    lines = " ".join(first.children.values())
    assert "factory_project.server" in lines
    assert "run_worker" in lines
    assert "edge simulate" in lines


def test_ctrl_c_ends_everything(first: Run) -> None:
    assert first.exit_code == 0
    assert not [line for pid, line in first.children.items() if is_alive(pid)]
    assert "it goes on with the same data" in first.said
    assert "Traceback" not in first.said


def test_cameras_were_accepted(first: Run) -> None:
    assert "refused 0" in first.said
    assert "not accepted" not in first.said


def test_started_again_it_goes_on_with_the_same_data(first: Run, second: Run) -> None:
    assert first.events_at_start < second.events_at_start < first.events_at_start + 5_000


def test_nothing_is_seeded_twice(second: Run, database: Path) -> None:
    keys = "worker_id, occurred_at, event_type, workstation_id, camera_id"
    distinct = f"SELECT count(*) FROM (SELECT DISTINCT {keys} FROM events_event)"
    assert ask(database, distinct) == events(database)
    assert ask(database, "SELECT count(*) FROM workers_site") == 1


def test_the_death_of_a_part_ends_everything(second: Run) -> None:
    assert second.exit_code == 1
    assert "CommandError: The server ended with exit code" in second.said
    assert not [line for pid, line in second.children.items() if is_alive(pid)]


def test_a_port_in_use_is_said_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, Children(tmp_path) as children:
        settings.PORT = taken.getsockname()[1]
        with pytest.raises(CannotRunError, match=rf"Port {settings.PORT} .*make demo"):
            bring_up(children, days=1)


def test_without_demo_it_does_not_start(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = False
    with Children(tmp_path) as children, pytest.raises(CannotRunError, match="DEMO=1"):
        bring_up(children, days=1)
