"""System checks for what hurts at night."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from common import dialect

SOUND_SQLITE = (3, 51, 3)  # before it, a rare fault can damage a write-ahead log when it is reset
OTHER_CONNECTIONS = 15  # of the worker command, of commands by hand, and those PostgreSQL reserves


@register(Tags.database)
def check_sqlite_options(**_kwargs: Any) -> list[CheckMessage]:
    """Without IMMEDIATE writers fail; without FULL a power cut loses what was answered."""
    database: Any = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    options = database["OPTIONS"]
    pragmas = options.get("init_command", "")
    wanted = {
        "transaction_mode IMMEDIATE": options.get("transaction_mode") == "IMMEDIATE",
        "journal_mode=WAL": "journal_mode=WAL" in pragmas,
        "synchronous=FULL": "synchronous=FULL" in pragmas,
    }
    return [
        Error(f"SQLite runs without {name}.", id="common.E001")
        for name, is_set in wanted.items()
        if not is_set
    ]


@register(Tags.database, deploy=True)
def check_sqlite_version(**_kwargs: Any) -> list[CheckMessage]:
    """Said before a deployment only: it is rare, and a developer can do little about it."""
    database: Any = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3") or sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return []
    text = f"SQLite {sqlite3.sqlite_version} has a rare fault when a write-ahead log is reset."
    hint = "Take a Python built with SQLite 3.51.3 or newer, or PostgreSQL."
    return [checks.Warning(text, hint=hint, id="common.W001")]


@register(Tags.database, deploy=True)
def check_postgres_server(databases: Sequence[str] | None, **_kwargs: Any) -> list[CheckMessage]:
    """An answer must mean stored, and every process must get the connections it may ask for.

    That the server is new enough is Django's own check, whenever it connects.
    """
    try:
        server = dialect.server() if databases else None
    except DatabaseError:
        return []  # whoever connects next says why it can't be used
    if server is None:
        return []
    return [
        *(
            Error(
                f"PostgreSQL runs with {name} off: what was answered may be gone after a crash.",
                hint=f"Set {name} = on in postgresql.conf.",
                id="common.E003",
            )
            for name in server.not_durable
        ),
        *_too_few_connections(server.max_connections),
    ]


def _too_few_connections(most: int) -> list[CheckMessage]:
    database: Any = settings.DATABASES["default"]
    wanted = settings.WORKERS * database["OPTIONS"]["pool"]["max_size"] + OTHER_CONNECTIONS
    if wanted <= most:
        return []
    text = f"WORKERS={settings.WORKERS} may ask for {wanted} connections; PostgreSQL allows {most}."
    hint = "Raise max_connections in postgresql.conf, or take fewer WORKERS."
    return [checks.Warning(text, hint=hint, id="common.W002")]


@register(Tags.compatibility)
def check_utc(**_kwargs: Any) -> list[CheckMessage]:
    """Instants are UTC; local time only places shifts and draws pages."""
    if settings.USE_TZ and settings.TIME_ZONE == "UTC":
        return []
    return [Error("USE_TZ must be on and TIME_ZONE must be UTC.", id="common.E002")]
