"""A server whose disk is full: 507 and nothing stored, and once there is room all is as before.

The same suite finds servers that take a full disk lightly, or too hard.
"""

import http.client
import shutil
from pathlib import Path

import pytest

from tests import small_disk
from tests.demo.processes import Command
from tests.events.posting import Plant, facts_of, stored, sums_follow
from tests.fault_profile import FULL_DISKS, Account, account
from tests.stopped import copied, stopped

pytestmark = pytest.mark.faults
MEGABYTES = 24
MOST = 400  # batches until a disk must be full: SQLite has a log to write to before
BIG = 20  # batches of a client in one request


class SmallDisk:
    """The server's, filled and freed."""

    def __init__(self, plant: Plant, account: Account) -> None:
        self.plant, self.account = plant, account
        self.told: set[int] = set()  # statuses of answers
        self.freed: list[bool] = []  # whether it wrote again, each time that there was room
        self.acknowledged: set[tuple[str, int]] = set()
        self._n = 0
        wrapper = small_disk.wrapper(plant.database.parent, megabytes=MEGABYTES)
        with plant.server(wrapper=wrapper) as server:
            server.wait_until(server.answers)
            for _ in account.turns():
                self._fill_and_free(server)
            self._copy(server)
        account.compare(self.acknowledged, stored(self.copy))

    def _fill_and_free(self, server: Command) -> None:
        folder = small_disk.seen_by(server.process.pid, self.plant.database.parent)
        small_disk.fill(folder / "ballast")
        for _ in range(MOST):
            if not self._post():
                break
        (folder / "ballast").unlink()
        self.freed.append(self._post())

    def _post(self) -> bool:
        """Whether the server says that it has taken the next batch; else it stays the next."""
        batch = [
            each for n in range(self._n, self._n + BIG) for each in self.plant.batch(self._n % 8, n)
        ]
        try:
            status, answer = self.plant.post(batch)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise AssertionError(f"A full disk takes the answer away: {error!r}") from error
        self.told.add(status)
        if status >= 400:
            assert answer["code"] == "disk_full", answer
            return False
        self.acknowledged |= facts_of(batch)
        self._n += BIG
        return True

    def _copy(self, server: Command) -> None:
        self.copy = self.plant.database.parent.with_name("copy") / self.plant.database.name
        shutil.rmtree(self.copy.parent, ignore_errors=True)
        self.copy.parent.mkdir()
        with stopped([*server.descendants(), server.process.pid]):
            seen = small_disk.seen_by(server.process.pid, self.plant.database)
            copied(seen, self.copy.parent)


def filled(folder: Path, account: Account, *, bug: str = "") -> SmallDisk:
    (folder / "disk").mkdir()
    return SmallDisk(Plant(folder / "disk" / "factory.sqlite3", bug), account)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> SmallDisk:
    return filled(
        tmp_path_factory.mktemp("small"),
        account("server's disk full, then freed", wanted=FULL_DISKS),
    )


def test_full_disk_is_507_and_a_freed_one_200(disk: SmallDisk) -> None:
    assert disk.told == {507, 200}


def test_each_time_that_there_is_room_it_writes_again(disk: SmallDisk) -> None:
    assert disk.freed == [True] * disk.account.faults


def test_what_was_acknowledged_is_there_once(disk: SmallDisk) -> None:
    assert sorted(stored(disk.copy)) == sorted(disk.acknowledged)


def test_sums_follow_from_the_events(disk: SmallDisk) -> None:
    assert sums_follow(disk.copy)


def test_server_that_says_stored_is_found(tmp_path: Path) -> None:
    disk = filled(tmp_path, Account("bug", wanted=1), bug="says_stored_on_a_full_disk")
    assert disk.account.missing


def test_server_that_never_writes_again_is_found(tmp_path: Path) -> None:
    disk = filled(tmp_path, Account("bug", wanted=2), bug="never_writes_again")
    assert disk.freed == [False, False]
