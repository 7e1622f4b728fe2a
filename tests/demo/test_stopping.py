"""SIGTERM ends a server after what is under way; servers that start at once do not collide."""

import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.request import urlopen

from tests.demo.processes import Command
from tests.events.posting import SIZE, Plant, stored
from tests.postgres import private_server

TOGETHER = 3


def test_request_under_way_is_stored_and_answered(tmp_path: Path) -> None:
    plant = Plant(tmp_path / "factory.sqlite3")
    with (
        plant.server() as server,
        ThreadPoolExecutor() as pool,
        closing(sqlite3.connect(plant.database, isolation_level=None)) as other,
    ):
        server.wait_until(server.answers)
        plant.post(plant.batch(0, 0))
        other.execute("BEGIN IMMEDIATE")  # the writer has to wait
        posted = pool.submit(plant.post, plant.batch(0, 1))
        server.wait_until(lambda: groups_begun(server) == "2.0")
        server.process.send_signal(signal.SIGTERM)
        server.wait_until(lambda: not server.answers())  # it takes nothing new
        other.execute("COMMIT")
        status, answer = posted.result(30)
        assert server.process.wait(30) == 0
    assert (status, answer["accepted"]) == (200, SIZE)
    assert len(stored(plant.database)) == 2 * SIZE


def groups_begun(server: Command) -> str:
    """How many groups the writer has taken up, as the server says itself."""
    with urlopen(f"{server.url}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    [line] = [line for line in lines if line.startswith("factory_writer_group_batches_count")]
    return line.split()[1]


def test_servers_that_start_at_once_migrate_one_after_the_other(tmp_path: Path) -> None:
    with private_server() as url, ExitStack() as stack:
        servers = [
            stack.enter_context(
                Command(("serve",), tmp_path / "log", environment={"DATABASE_URL": url})
            )
            for _ in range(TOGETHER)
        ]
        for server in servers:
            server.wait_until(server.answers)
            with urlopen(f"{server.url}/readyz", timeout=30) as answer:
                assert answer.status == 200
        assert [server.end(signal.SIGTERM) for server in servers] == [0] * TOGETHER
        assert [server.says() for server in servers] == [
            f"Serving on {server.url}/\n" for server in servers
        ]
