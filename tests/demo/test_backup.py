"""A backup taken while cameras post, and put into another installation, on both databases."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.demo.processes import ROOT, Command, free_port
from tests.events.posting import MAKE_A_SITE, Clients, Fact, Plant
from tests.postgres import package_folder, private_server

FACTS = (
    "import json; from events.models import Event; from common.instants import to_ms;"
    "print(json.dumps([(code, to_ms(at)) for code, at in"
    " Event.objects.values_list('worker__code', 'occurred_at')]))"
)
BATCHES_BEFORE = 3


@dataclass
class Installation:
    """A database and a data folder of its own."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        programs = package_folder() / "pginstall" / "bin"
        return {
            "DATABASE_URL": self.url,
            "DATA_DIR": str(self.folder),
            "PATH": f"{programs}:{os.environ['PATH']}",
        }

    def manage(self, *words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def said(self, *words: object) -> str:
        done = self.manage(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *words: object) -> str:
        done = self.manage(*words)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        return done.stderr.strip().removeprefix("CommandError: ")

    def facts(self) -> list[Fact]:
        found = json.loads(self.said("shell", "--verbosity=0", "-c", FACTS))
        return [(code, at) for code, at in found]


class Served(Plant):
    """A plant whose database is there already."""

    def __post_init__(self) -> None: ...


@dataclass
class BackedUp:
    source: Installation
    folder: Path
    acknowledged_before: set[Fact]
    acknowledged: set[Fact]
    new: Callable[[], Installation]
    faults: list[str]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def urls(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Iterator[str]]:
    """Of new, empty databases."""
    if request.param == "sqlite":
        yield (f"sqlite:///{tmp_path_factory.mktemp('db')}/db.sqlite3" for _ in range(9))
        return
    with private_server() as server:
        yield _databases(server)


def _databases(server: str) -> Iterator[str]:
    import psycopg  # noqa: PLC0415

    for number in range(9):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE plant_{number}".encode())
        yield server.removesuffix("postgres") + f"plant_{number}"


@pytest.fixture(scope="module")
def backed_up(urls: Iterator[str], tmp_path_factory: pytest.TempPathFactory) -> BackedUp:
    def new() -> Installation:
        return Installation(next(urls), tmp_path_factory.mktemp("data"))

    source, folder = new(), tmp_path_factory.mktemp("backups") / "backup"
    source.said("migrate", "--verbosity=0")
    key = source.said("shell", "--verbosity=0", "-c", MAKE_A_SITE).split()[-1]
    picture = source.folder / "snapshots" / "2026" / "picture.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    plant = Served(Path("unused"), port=free_port())
    plant.key = key
    clients = Clients(plant)
    log = folder.parent / "log"
    with Command(("serve",), log, plant.port, source.environment) as server:
        server.wait_until(server.answers)
        with clients.at_work():
            server.wait_until(lambda: len(clients.known()) > 25 * BATCHES_BEFORE)
            before = clients.known()
            source.said("backup", folder)
            clients.finish()
        server.end(signal.SIGTERM)
    return BackedUp(source, folder, before, clients.known(), new, clients.faults)


@pytest.fixture(scope="module")
def restored(backed_up: BackedUp) -> Installation:
    target = backed_up.new()
    assert target.said("restore", backed_up.folder).startswith("Restored as of 2")
    return target


def test_cameras_went_on_meanwhile(backed_up: BackedUp) -> None:
    assert len(backed_up.acknowledged) > len(backed_up.acknowledged_before)
    assert backed_up.faults == []


def test_all_that_was_acknowledged_before_is_there_and_nothing_strange(
    backed_up: BackedUp, restored: Installation
) -> None:
    found = restored.facts()
    assert len(found) == len(set(found))
    assert backed_up.acknowledged_before <= set(found) <= backed_up.acknowledged


def test_sums_follow_from_the_events(restored: Installation) -> None:
    assert "everything follows" in restored.said("verify")


def test_pictures_are_there(restored: Installation) -> None:
    picture = restored.folder / "snapshots" / "2026" / "picture.jpg"
    assert picture.read_bytes() == b"a picture"


def test_nobody_else_may_read_it(backed_up: BackedUp) -> None:
    assert backed_up.folder.stat().st_mode & 0o077 == 0


def test_database_that_has_tables_is_left_alone(
    backed_up: BackedUp, restored: Installation
) -> None:
    said = restored.refused("restore", backed_up.folder)
    assert said == "The database is not empty; a backup goes into an empty one."


def test_backup_of_another_kind_of_database_is_refused(backed_up: BackedUp, tmp_path: Path) -> None:
    other = "postgres://nobody@127.0.0.1:1/none"
    if "sqlite" not in backed_up.source.url:
        other = f"sqlite:///{tmp_path}/db.sqlite3"
    said = Installation(other, tmp_path / "data").refused("restore", backed_up.folder)
    assert said.endswith("DATABASE_URL is of another kind.")


def test_backup_never_writes_over_another(backed_up: BackedUp) -> None:
    said = backed_up.source.refused("backup", backed_up.folder)
    assert said.endswith("exists; a backup goes into a new folder.")


def test_backup_that_fails_leaves_nothing_behind(backed_up: BackedUp, tmp_path: Path) -> None:
    gone = Installation("postgres://nobody@127.0.0.1:1/none", tmp_path / "data")
    assert gone.refused("backup", tmp_path / "backup").startswith("No backup was made: pg_dump: ")
    assert not list(tmp_path.glob("backup*"))
