"""`manage.py backup`: database, pictures and exports as one folder, while the server runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from common import clock
from common.backup.making import make
from common.dialect import CopyError


class Command(BaseCommand):
    """Its help says it."""

    help = "Writes a backup into a new folder. Server and worker may run meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path, help="it must not exist yet")

    def handle(self, *, folder: Path, verbosity: int, **_options: Any) -> None:
        """A backup that failed leaves nothing behind."""
        if folder.exists():
            raise CommandError(f"{folder} exists; a backup goes into a new folder.")
        try:
            made = make(folder, at=clock.now())
        except (CopyError, OSError, DatabaseError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        if verbosity:
            size = sum(each.size for each in made.files) / 1e6
            self.stdout.write(f"{len(made.files):,} files, {size:,.1f} MB: {folder}")
