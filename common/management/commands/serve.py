"""The command `serve`: the server as it runs in earnest; `make run` and `make demo` start it."""

import os
import resource
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from common.address import server_url

THREADS = 8  # requests at work; more would wait for the database, not finish sooner
CONNECTIONS = 2_048  # open at a time; further ones wait in the backlog
STOP_S = 10  # requests under way have so long to finish


class Command(BaseCommand):
    """Its help says it."""

    help = "Checks the configuration, brings database and static files up to date, and serves."
    requires_system_checks = ()  # handle() runs them, stricter in production

    def handle(self, **options: Any) -> NoReturn:
        """Becomes the server; SIGINT and SIGTERM end it once what is under way is answered."""
        self.check(include_deployment_checks=settings.PRODUCTION, databases=["default"])
        _bring_up_to_date()
        if options["verbosity"]:
            self.stdout.write(f"Serving on {server_url()}/")
            self.stdout.flush()
        connections.close_all()
        _allow_connections()
        os.execv(sys.executable, [sys.executable, "-m", "granian", *_words()])  # noqa: S606


def _bring_up_to_date() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used: {error}") from error
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)


def _allow_connections() -> None:
    """Some systems allow 1,024 open files unless asked for more."""
    wanted = CONNECTIONS + 256
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard > wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _words() -> list[str]:
    options = {
        "interface": "wsgi",
        "host": settings.HOST,
        "port": settings.PORT,
        "working-dir": settings.BASE_DIR,
        "workers": settings.WORKERS,  # each commits what waits in it together
        "blocking-threads": THREADS,
        "backlog": CONNECTIONS,
        "backpressure": CONNECTIONS,
        "workers-kill-timeout": STOP_S,
        "log-level": "error",  # its warnings are advice about the number of threads
    }
    words = (word for name, value in options.items() for word in (f"--{name}", str(value)))
    return [*words, "factory_project.wsgi:application"]
