"""`manage.py restore`: a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from common.backup.manifest import UnfitError
from common.backup.restoring import restore
from common.dialect import CopyError


class Command(BaseCommand):
    """Its help says it."""

    help = "Checks a backup and puts it into an empty database. The server must not run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from."""
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, verbosity: int, **_options: Any) -> None:
        """A database that has tables stays as it is."""
        try:
            found = restore(folder)
        except UnfitError as error:
            raise CommandError(str(error)) from error
        except (CopyError, OSError, DatabaseError) as error:
            raise CommandError(f"The backup was not restored: {error}") from error
        if verbosity:
            self.stdout.write(f"Restored as of {found.made_at}: {len(found.files):,} files.")
