"""Puts a backup into an empty installation."""

import shutil
from pathlib import Path

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from common import dialect
from common.backup import manifest
from common.backup.making import folders


def restore(source: Path) -> manifest.Manifest:
    """Raises UnfitError before anything is written, CopyError when the database refuses.

    Files come first, the database in one piece at the end: who is interrupted may do it again.
    """
    found = manifest.read(source)
    _check_fits(found)
    for name, folder in folders().items():
        if (source / name).is_dir():
            shutil.copytree(source / name, folder, dirs_exist_ok=True)
    dialect.copy_in(source / found.database)
    call_command("migrate", interactive=False, verbosity=0)
    return found


def _check_fits(found: manifest.Manifest) -> None:
    if found.database != dialect.copy_name():
        raise manifest.UnfitError(
            f"The backup has {found.database}, and DATABASE_URL is of another kind."
        )
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    known = {f"{app}.{name}" for app, name in disk}
    if newer := sorted(set(found.migrations) - known):
        raise manifest.UnfitError(
            f"The backup is of another release: nobody here knows {newer[0]}."
        )
    if not dialect.is_empty():
        raise manifest.UnfitError("The database is not empty; a backup goes into an empty one.")
