"""The environment in which the settings are read, the same for the benchmarks and their servers."""

import os
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parent.parent
HOME = ROOT / "var" / "bench"

ENVIRONMENT = {
    "ALLOWED_HOSTS": "127.0.0.1",
    "DEBUG": "0",
    "DEMO": "1",
    "EVENT_SINK": "direct",
    "HOST": "127.0.0.1",
    "INGEST_RATE": "1000000",  # counted as always, and never reached
    "WORKERS": "1",
    "KAFKA_OPTIONS": "",
    "SECRET_KEY": "for benchmarks only, and long enough for production settings",
}


def url_of(file: Path) -> str:
    """The DATABASE_URL of a SQLite file."""
    return f"sqlite:///{file}"


def prepare(template: Path) -> None:
    """Starts Django on an empty migrated database, which others are copied from."""
    os.environ |= ENVIRONMENT | {
        "DATABASE_URL": url_of(template),
        "DJANGO_SETTINGS_MODULE": "factory_project.settings",
        "PORT": "8000",
    }
    django.setup()
    call_command("migrate", verbosity=0)
    connection.close()  # all of it is in the one file now
