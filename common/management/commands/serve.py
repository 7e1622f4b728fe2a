"""The command `serve`: the server as it runs in earnest; `make run` and `make demo` start it."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

THREADS = 8  # requests at work; more would wait for the database, not finish sooner
CONNECTIONS = 2_048  # open at a time; further ones wait in the backlog
STOP_S = 10  # requests under way have so long to finish


class Command(BaseCommand):
    """Its help says it."""

    help = "Checks the configuration, brings database and static files up to date, and serves."
    requires_system_checks = ()  # handle() runs them, stricter in production

    def handle(self, **_options: Any) -> NoReturn:
        """Becomes the server; SIGINT and SIGTERM end it once the requests under way are answered."""
        self.check(include_deployment_checks=settings.PRODUCTION)
        _bring_up_to_date()
        self.stdout.write(f"Serving on http://{_address()}/")
        self.stdout.flush()
        connections.close_all()
        os.execv(sys.executable, [sys.executable, "-m", "granian", *_words()])  # noqa: S606


def _bring_up_to_date() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        raise CommandError(f"The database cannot be used: {error}") from error
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)


def _address() -> str:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"{host}:{settings.PORT}"


def _words() -> list[str]:
    options = {
        "interface": "wsgi",
        "host": settings.HOST,
        "port": settings.PORT,
        "working-dir": settings.BASE_DIR,
        "workers": 1,  # SQLite has one writer, and one process commits what waits together
        "blocking-threads": THREADS,
        "backlog": CONNECTIONS,
        "backpressure": CONNECTIONS,
        "workers-kill-timeout": STOP_S,
        "log-level": "error",  # its warnings are advice about the number of threads
    }
    words = (word for name, value in options.items() for word in (f"--{name}", str(value)))
    return [*words, "factory_project.wsgi:application"]
