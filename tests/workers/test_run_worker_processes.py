"""Workers as they run in earnest: processes that share a database, signals, kills, outages."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from pytest_django import Settings

from tests.demo.processes import ROOT, Command
from tests.workers import errands
from workers import runner as module
from workers import tasks
from workers.models import BackgroundTask
from workers.runner import Runner, tasks_of

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.workers.worker_settings"}
ROUNDS, WORKERS = 20, 4


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty, with tables."""
    file = tmp_path_factory.mktemp("worker") / "worker.sqlite3"
    with Command(("migrate", "--verbosity", "0"), file) as migration:
        assert migration.process.wait(60) == 0, migration.says()
    return file


@pytest.fixture
def errands_of(tmp_path: Path) -> Callable[[], list[str]]:
    """What the tasks have left behind."""
    file = tmp_path / "errands"

    def _errands() -> list[str]:
        return file.read_text().split("\n") if file.exists() else []

    return _errands


def worker(database: Path, tmp_path: Path) -> Command:
    environment = SETTINGS | {"ERRANDS": str(tmp_path / "errands")}
    return Command(("run_worker",), database, environment=environment)


def test_a_signal_ends_it_after_the_task_under_way(
    database: Path, tmp_path: Path, errands_of: Callable[[], list[str]]
) -> None:
    with worker(database, tmp_path) as one:
        one.wait_until(lambda: errands_of().count("note") >= 2)
        assert "slow ends" not in errands_of()  # and it held up no other
        assert one.end(signal.SIGTERM) == 0
        assert "slow ends" in errands_of()
        assert one.says().startswith("The worker runs 3 tasks.\n")
        assert "ValueError: this" in one.says()


def test_while_the_database_has_no_tables_it_waits(
    tmp_path: Path, errands_of: Callable[[], list[str]]
) -> None:
    file = tmp_path / "new.sqlite3"
    with worker(file, tmp_path) as one:
        one.wait_until_said("The database can't be used; the worker waits for it.")
        words = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        environment = {"PATH": "", "DATABASE_URL": f"sqlite:///{file}", "SECRET_KEY": "none"}
        subprocess.run(words, cwd=ROOT, env=environment, check=True, timeout=60)
        one.wait_until(lambda: "note" in errands_of())
        assert one.says().count("can't be used") == one.says().count("can be used again") == 1
        assert one.end(signal.SIGINT) == 0


# --- in this process -----------------------------------------------------------------------------


@pytest.fixture
def entered(transactional_db: None) -> Iterator[None]:
    tasks.enter(["a"], now_ms=0)
    yield
    BackgroundTask.objects.all().delete()


def test_of_workers_that_claim_at_once_one_wins(entered: None) -> None:
    barrier = Barrier(WORKERS)

    def claim_all(who: str) -> list[int]:
        try:
            return [n for n in range(ROUNDS) if _claim(who, n)]
        finally:
            connections.close_all()

    def _claim(who: str, n: int) -> list[str]:
        barrier.wait(60)
        won = tasks.claim_due(["a"], by=who, now_ms=n * 1_000, lease_ms=1_000)
        barrier.wait(60)  # the lease is over in the next round, which is a second later
        return won

    with ThreadPoolExecutor(WORKERS) as pool:
        won = list(pool.map(claim_all, "abcd"[:WORKERS]))
    assert sorted(n for rounds in won for n in rounds) == list(range(ROUNDS))


@contextmanager
def running(runner: Runner) -> Iterator[None]:
    thread = Thread(target=_run, args=(runner,))
    thread.start()
    try:
        yield
    finally:
        runner.stop()
        thread.join(60)
        assert not thread.is_alive()


def _run(runner: Runner) -> None:
    try:
        runner.run()
    finally:
        connections.close_all()


def wait_for(is_reached: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 60
    while not is_reached():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def test_after_an_outage_it_goes_on(
    transactional_db: None,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "AWAY_S", 0.05)
    monkeypatch.setattr(module, "LEASE_MS", 500)  # of a task whose end the outage hid
    settings.WORKER_TASKS = [("tests.workers.errands.note", 1)]
    errands.RAN.clear()
    with running(Runner(tasks_of(settings.WORKER_TASKS))):
        wait_for(lambda: len(errands.RAN) >= 1)
        with without_tables():
            wait_for(lambda: "can't be used" in caplog.text)
        seen = len(errands.RAN)
        wait_for(lambda: len(errands.RAN) > seen)
    BackgroundTask.objects.all().delete()


def test_once_and_without_a_database_it_says_so(transactional_db: None) -> None:
    with without_tables(), pytest.raises(CommandError, match="The database cannot be used: "):
        call_command("run_worker", "--once")


@contextmanager
def without_tables() -> Iterator[None]:
    """As after a restart: PostgreSQL's connections are cut besides."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workers_backgroundtask RENAME TO elsewhere")
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO workers_backgroundtask")
