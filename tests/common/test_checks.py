"""What hurts at night is said at the start."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from pytest_django.fixtures import Settings

from common import checks, dialect
from common.dialect.server import Server

SOUND: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    },
}


Given = Callable[[dict[str, Any]], None]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Says which database the settings name; Django's own would warn of a change."""

    def _given(database: dict[str, Any]) -> None:
        settings = SimpleNamespace(DATABASES={"default": database})
        monkeypatch.setattr(checks, "settings", settings)

    return _given


@pytest.fixture
def postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of four processes, with twelve connections each."""
    databases = {"default": {"OPTIONS": {"pool": {"max_size": 12}}}}
    monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES=databases, WORKERS=4))


def faults() -> list[str]:
    return [str(each.msg) for each in checks.check_sqlite_options()]


def test_settings_as_they_are_have_no_fault() -> None:
    assert [*checks.check_sqlite_options(), *checks.check_utc()] == []
    assert configured.TIME_ZONE == "UTC"


def test_sound_sqlite_has_no_fault(given: Given) -> None:
    given(SOUND)
    assert faults() == []


@pytest.mark.parametrize(
    "options, fault",
    [
        ({"transaction_mode": "DEFERRED"}, "transaction_mode IMMEDIATE"),
        ({"init_command": "PRAGMA synchronous=FULL;"}, "journal_mode=WAL"),
        ({"init_command": "PRAGMA journal_mode=WAL;"}, "synchronous=FULL"),
    ],
)
def test_each_missing_option_is_an_error(given: Given, options: dict[str, str], fault: str) -> None:
    given(SOUND | {"OPTIONS": SOUND["OPTIONS"] | options})
    assert faults() == [f"SQLite runs without {fault}."]


def test_other_zone_is_an_error(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    assert [each.id for each in checks.check_utc()] == ["common.E002"]


@pytest.mark.parametrize("version, warnings", [((3, 51, 2), ["common.W001"]), ((3, 51, 3), [])])
def test_sqlite_with_a_known_fault_is_a_warning(
    given: Given,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, ...],
    warnings: list[str],
) -> None:
    given(SOUND)
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", version)
    assert [each.id for each in checks.check_sqlite_version()] == warnings


def test_other_database_is_not_judged(given: Given) -> None:
    given({"ENGINE": "django.db.backends.postgresql"})
    assert [*checks.check_sqlite_options(), *checks.check_sqlite_version()] == []


# --- PostgreSQL --------------------------------------------------------------------------------


def said_of_server(monkeypatch: pytest.MonkeyPatch, server: Server | None) -> list[str]:
    monkeypatch.setattr(checks.dialect, "server", lambda: server)
    return [str(each.msg) for each in checks.check_postgres_server(databases=["default"])]


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_server_that_may_forget_is_an_error(
    postgres: None, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    (said,) = said_of_server(monkeypatch, Server([setting], 100))
    assert said.startswith(f"PostgreSQL runs with {setting} off")


def test_sound_server_has_no_fault(postgres: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_of_server(monkeypatch, Server([], 100)) == []


def test_too_few_connections_are_a_warning(postgres: None, monkeypatch: pytest.MonkeyPatch) -> None:
    said = said_of_server(monkeypatch, Server([], 50))
    assert said == ["WORKERS=4 may ask for 63 connections; PostgreSQL allows 50."]


def test_server_is_not_asked_unless_databases_are_checked() -> None:
    assert checks.check_postgres_server(databases=None) == []


def test_server_says_what_it_is_set_to(db: None) -> None:
    """That of the tests does not wait for its disk."""
    server = dialect.server()
    assert server is None if connection.vendor == "sqlite" else "fsync" in server.not_durable
