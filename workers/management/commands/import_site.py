"""`manage.py import_site`: a site out of an archive that export_site wrote."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workers.moving.importing import Imported, NotImportedError, import_site


class Command(BaseCommand):
    """What comes is told line by line, and what does not at the end."""

    help = "Read a site from an archive that export_site wrote, here or elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which archive."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--code", default="", help="the site's code here (default: as it was)")

    def handle(self, *_args: Any, file: Path, code: str, **_options: Any) -> None:
        """Reads it."""
        try:
            done = import_site(file, code=code, tell=self.stdout.write)
        except NotImportedError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be imported: {error}") from error
        for line in _said(done):
            self.stdout.write(line)


def _said(done: Imported) -> list[str]:
    lines = [f"{label}: {rows:,} did not come" for label, rows in done.left_out.items()]
    if done.unknown_people:
        names = ", ".join(sorted(done.unknown_people))
        lines.append(f"Without an account here, so without a role and not named: {names}")
    if done.closed_accounts:
        names = ", ".join(done.closed_accounts)
        lines.append(f"Closed accounts were made for reviewers who had none: {names}")
    lines.append("Webhooks are switched off: look at each, rotate its secret and switch it on.")
    lines.append(f"{done.code} is here: {done.rows:,} rows, {done.files:,} files.")
    return lines
