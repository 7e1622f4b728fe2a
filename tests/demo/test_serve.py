"""`manage.py serve`: checks, migrates, serves, and ends politely."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.demo.processes import Command, is_alive

PRODUCTION = {"DEMO": "0", "SECRET_KEY": "x1-y2-z3-" * 6}


def test_it_serves_a_new_database_until_a_signal(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite3"
    with Command(("serve",), file) as server:
        server.wait_until(server.answers)
        children = server.descendants()
        assert server.end(signal.SIGTERM) == 0
        assert not [pid for pid in children if is_alive(pid)]
        assert server.says() == f"Serving on {server.url}/\n"
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM events_event").fetchone() == (0,)


def test_in_production_no_security_advice_is_left(tmp_path: Path) -> None:
    with Command(("serve",), tmp_path / "new.sqlite3", environment=PRODUCTION) as server:
        server.wait_until(server.answers)
        assert server.end(signal.SIGINT) == 0
        assert "security.W" not in server.says()


def test_a_wrong_configuration_is_one_clear_line(tmp_path: Path) -> None:
    wrong = PRODUCTION | {"SECRET_KEY": "short"}
    with Command(("serve",), tmp_path / "new.sqlite3", environment=wrong) as server:
        assert server.process.wait(30) == 1
        assert server.says().startswith("Configuration error: SECRET_KEY is too weak")
        assert server.says().count("\n") == 1


def test_a_database_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"this is no database" * 1000)
    with Command(("serve",), broken) as server:
        assert server.process.wait(30) == 1
        assert server.says().startswith("CommandError: The database cannot be used:")
        assert server.says().count("\n") == 1
