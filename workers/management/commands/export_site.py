"""`manage.py export_site`: all that belongs to a site, in one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.instants import to_ms
from workers.models import Site
from workers.moving.exporting import export_site


class Command(BaseCommand):
    """What goes in is told line by line."""

    help = "Write all that belongs to a site to an archive, while ingest goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which site, and where to."""
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("file", metavar="FILE", type=Path, help="a new file, such as F1.zip")

    def handle(self, *_args: Any, code: str, file: Path, **_options: Any) -> None:
        """Writes it."""
        site = Site.objects.filter(code=code).first()
        if site is None:
            raise CommandError(f"There is no site {code!r}.")
        try:
            done = export_site(site, file, now_ms=to_ms(clock.now()), tell=self.stdout.write)
        except FileExistsError as error:
            raise CommandError(f"{file} is there already.") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error}") from error
        for label, rows in done.stayed.items():
            self.stdout.write(f"{label}: {rows:,} stay (docs/sites.md says why)")
        if done.lost_files:
            self.stdout.write(f"{done.lost_files:,} files are named by a row and are gone")
        self.stdout.write(
            f"{code} is in {file}: {done.rows:,} rows, {done.files:,} files. It tells of people:"
            " keep it as you keep the database."
        )
