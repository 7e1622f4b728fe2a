"""The command `serve`: the server as it runs in earnest; `make run` and `make demo` start it."""

import json
import os
import resource
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from common import dialect
from common.address import server_url

THREADS = 8  # requests at work; more would wait for the database, not finish sooner
CONNECTIONS = 2_048  # open at a time; further ones wait in the backlog
STOP_S = 10  # requests under way have so long to finish


class Command(BaseCommand):
    """Its help says it."""

    help = "Checks the configuration, brings database and static files up to date, and serves."
    requires_system_checks = ()  # handle() runs them, stricter in production

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All of it, or the first half."""
        parser.add_argument(
            "--prepare", action="store_true", help="check and bring up to date, but do not serve"
        )

    def handle(self, *, prepare: bool, **options: Any) -> None:
        """Becomes the server. SIGINT and SIGTERM end it once what is under way is answered.

        SIGHUP makes it load its code anew, and no client notices.
        """
        try:
            self.check(include_deployment_checks=settings.PRODUCTION, databases=["default"])
            with dialect.alone_in_migrating():
                call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        _collect_static_files()
        if prepare:
            return
        if options["verbosity"]:
            self.stdout.write(f"Serving on {server_url()}/")
            self.stdout.flush()
        connections.close_all()
        _allow_connections()
        os.chdir(settings.BASE_DIR)
        words = ["-m", "factory_project.server", json.dumps(_options())]
        os.execv(sys.executable, [sys.executable, *words])  # noqa: S606


def _collect_static_files() -> None:
    if settings.ARE_STATICS_COLLECTED:
        return
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)


def _allow_connections() -> None:
    """Some systems allow 1,024 open files unless asked for more."""
    wanted = CONNECTIONS + 256
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard > wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _options() -> dict[str, Any]:
    return {
        "address": settings.HOST,
        "port": settings.PORT,
        "interface": "wsgi",
        "workers": settings.WORKERS,  # each commits what waits in it together
        "blocking_threads": THREADS,
        "backlog": CONNECTIONS,
        "backpressure": CONNECTIONS,
        "workers_kill_timeout": STOP_S,
        "respawn_failed_workers": True,
        "log_level": "error",  # its warnings are advice about the number of threads
        "log_dictconfig": {"formatters": dict.fromkeys(("generic", "access"), _log_line())},
    }


def _log_line() -> dict[str, str]:
    """Of the main process, which knows no Django and says little: constant words, no quotes."""
    if settings.LOG_FORMAT == "text":
        return {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    line = {"level": "%(levelname)s", "logger": "%(name)s", "message": "%(message)s"}
    return {"format": json.dumps({"time": "%(asctime)sZ"} | line)}
