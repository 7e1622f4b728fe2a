"""A backup that can't be used: one clear line, before anything is written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import override_settings

from common.backup import manifest
from common.backup.restoring import restore

Change = Callable[[Path], object]


def change_list(**fields: object) -> Change:
    def change(folder: Path) -> None:
        file = folder / manifest.NAME
        file.write_text(json.dumps(json.loads(file.read_text()) | fields))

    return change


def entry(path: str) -> dict[str, object]:
    return {"path": path, "size": 1, "sha256": ""}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    folder = tmp_path / "backup"
    (folder / "snapshots").mkdir(parents=True)
    (folder / "snapshots" / "a.jpg").write_bytes(b"a picture")
    (folder / "database.sqlite3").write_bytes(b"a database")
    made = manifest.Manifest(
        made_at="2026-06-17T18:00:00Z",
        release="0",
        database="database.sqlite3",
        migrations=["events.0001_initial"],
        files=manifest.listed(folder),
    )
    manifest.write(made, folder)
    return folder


CASES: dict[str, tuple[Change, str]] = {
    "no list": (lambda folder: (folder / "manifest.json").unlink(), "it has no manifest.json."),
    "no JSON": (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
    "a wrong shape": (change_list(files=3), "cannot be read"),
    "a later format": (change_list(format=2), "The backup has format 2"),
    "a file is missing": (
        lambda folder: (folder / "snapshots" / "a.jpg").unlink(),
        "The backup is not whole: snapshots/a.jpg is missing.",
    ),
    "a file has changed": (
        lambda folder: (folder / "database.sqlite3").write_bytes(b"a database\0"),
        "The backup is damaged: database.sqlite3 has changed.",
    ),
    "a way out": (change_list(files=[entry("../elsewhere")]), "leads out of the backup."),
    "a later release": (
        change_list(migrations=["events.0001_initial", "events.9999_later"]),
        "The backup is of another release: nobody here knows events.9999_later.",
    ),
    "another database": (change_list(database="database.dump"), "DATABASE_URL is of another kind."),
}


@pytest.mark.parametrize("change, said", CASES.values(), ids=CASES)
def test_it_is_refused_and_nothing_is_written(
    backup: Path, tmp_path: Path, change: Change, said: str
) -> None:
    change(backup)
    elsewhere = tmp_path / "elsewhere"
    with (
        override_settings(MEDIA_ROOT=elsewhere, EXPORTS_ROOT=elsewhere),
        pytest.raises(manifest.UnfitError) as refused,
    ):
        restore(backup)
    assert said in str(refused.value)
    assert not elsewhere.exists()
