"""Which database the tests use, and the environment in which Django's settings are read.

Default: a SQLite file. TEST_DATABASE=postgres: the server named by TEST_DATABASE_URL, or a private
one that lives as long as the test run. A server that can't be had is an error, never a skip.
Loaded with `-p`, since pytest-django reads the settings before any conftest.
"""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres import private_server

# Whatever the developer's shell says, the settings see this.
ENVIRONMENT = {
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "DEBUG": "0",
    "DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "factory_project.settings",
    "EMAIL_FROM": "",
    "EMAIL_URL": "",
    "EVENT_SINK": "direct",
    "HOST": "127.0.0.1",
    "INGEST_RATE": "0",  # a test of the limit sets its own
    "KAFKA_BOOTSTRAP_SERVERS": "",
    "KAFKA_OPTIONS": "",
    "KAFKA_TOPIC": "",
    "PORT": "8000",
    "PUBLIC_URL": "",
    "SECRET_KEY": "for tests only, and long enough for production settings",
    "WEBHOOK_NETWORKS": "",
    "WORKERS": "",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Before pytest-django, which reads the settings in this hook."""
    cleanup = ExitStack()
    early_config.add_cleanup(cleanup.close)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a kill tidies up as Ctrl-C does
    os.environ |= ENVIRONMENT | {"DATABASE_URL": _database_url(cleanup)}
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Django would test in memory, without WAL and without a second writer."""
    from django.db import connections  # noqa: PLC0415 - the settings must not load before the hook above

    database = connections.settings["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(Path(database["NAME"]).with_name("test.sqlite3"))


def pytest_report_header() -> str:
    return f"database: {os.environ['DATABASE_URL']}"


def _database_url(cleanup: ExitStack) -> str:
    kind = os.environ.get("TEST_DATABASE", "sqlite")
    if kind == "sqlite":
        folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="factory-tests-"))
        return f"sqlite:///{folder}/main.sqlite3"
    if kind == "postgres":
        return os.environ.get("TEST_DATABASE_URL") or cleanup.enter_context(private_server())
    raise pytest.UsageError(f"TEST_DATABASE must be sqlite or postgres, not {kind!r}.")
