"""System checks for what hurts at night."""

import sqlite3
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

SOUND_SQLITE = (3, 51, 3)  # before it, a rare fault can damage a write-ahead log when it is reset


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


@register(Tags.compatibility)
def check_utc(**_kwargs: Any) -> list[CheckMessage]:
    """Instants are UTC; local time only places shifts and draws pages."""
    if settings.USE_TZ and settings.TIME_ZONE == "UTC":
        return []
    return [Error("USE_TZ must be on and TIME_ZONE must be UTC.", id="common.E002")]
