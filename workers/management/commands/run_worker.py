"""`manage.py run_worker`: does what nobody waits for, such as notifications and checks."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from workers.runner import Runner, tasks_of


class Command(BaseCommand):
    """Its help says it."""

    help = "Runs background tasks as they fall due, until SIGTERM or Ctrl-C. Several may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Forever, or once."""
        parser.add_argument(
            "--once", action="store_true", help="run what is due and end, for cron (every minute)"
        )

    def handle(self, *, once: bool, verbosity: int, **_options: Any) -> None:
        """Ends after the tasks under way."""
        try:
            runner = Runner(tasks_of(settings.WORKER_TASKS))
        except ImportError as error:
            raise CommandError(f"WORKER_TASKS names what can't be imported: {error}") from error
        if once:
            _run_once(runner)
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, runner.stop)
        if verbosity:
            self.stdout.write(f"The worker runs {len(settings.WORKER_TASKS)} tasks.")
            self.stdout.flush()
        runner.run()


def _run_once(runner: Runner) -> None:
    try:
        failed = runner.run_once()
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used: {error}") from error
    if failed:
        raise CommandError(f"Failed, and due again later: {', '.join(failed)}")
