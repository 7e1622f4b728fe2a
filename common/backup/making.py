"""Makes a backup while the server runs."""

import os
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from common import dialect
from common.backup import manifest
from common.instants import to_ms, to_rfc3339
from common.release import release


def folders() -> dict[str, Path]:
    """What lies beside the database, by its name in a backup."""
    return {"snapshots": Path(settings.MEDIA_ROOT), "retraining": Path(settings.EXPORTS_ROOT)}


def make(target: Path, *, at: datetime) -> manifest.Manifest:
    """Writes the folder; it has its name only once it is whole. Raises CopyError or OSError.

    The database comes first: a picture that is added later is one too many, and harms nobody.
    """
    draft = target.with_name(f"{target.name}.unfinished")
    draft.mkdir(mode=0o700, parents=True)  # it holds people's names and hashes of passwords
    try:
        dialect.copy_out(draft / dialect.copy_name())
        for name, folder in folders().items():
            _copy(folder, draft / name)
        made = manifest.Manifest(
            made_at=to_rfc3339(to_ms(at)),
            release=release(),
            database=dialect.copy_name(),
            migrations=migrations(),
            files=manifest.listed(draft),
        )
        manifest.write(made, draft)
        _sync(draft)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return made


def migrations() -> list[str]:
    """Those that the database has."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _copy(source: Path, target: Path) -> None:
    """What is removed meanwhile was due to be."""
    target.mkdir()
    if not source.is_dir():
        return
    for file in sorted(source.rglob("*")):
        if file.is_file():
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(file, copy)
            except FileNotFoundError:
                copy.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """A power cut right after it takes nothing back."""
    for path in (*folder.rglob("*"), folder):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
