"""The list in a backup: what is in it, which release made it, and whether it is whole."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

NAME = "manifest.json"
FORMAT = 1


class UnfitError(Exception):
    """Says in one line why a backup can't be used."""


class Entry(msgspec.Struct, frozen=True):
    """One file, by its path in the folder."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """`migrations` are those that its database has: "app.name"."""

    made_at: str
    release: str
    database: str
    migrations: list[str]
    files: list[Entry]
    format: int = FORMAT


def listed(folder: Path) -> list[Entry]:
    """All files of a folder, in order."""
    return [entry_of(file, folder) for file in _files(folder)]


def entry_of(file: Path, folder: Path) -> Entry:
    """Reads the file."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Entry(file.relative_to(folder).as_posix(), file.stat().st_size, digest)


def write(manifest: Manifest, folder: Path) -> None:
    """For people too."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (folder / NAME).write_bytes(text + b"\n")


def read(folder: Path) -> Manifest:
    """The list of a backup that is whole. Raises UnfitError."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise UnfitError(f"{folder} is no backup: it has no {NAME}.") from error
    except (OSError, msgspec.DecodeError) as error:
        raise UnfitError(f"{NAME} cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise UnfitError(f"The backup has format {manifest.format}, and this release reads 1.")
    for entry in manifest.files:
        _check(entry, folder)
    return manifest


def _check(entry: Entry, folder: Path) -> None:
    file = (folder / entry.path).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise UnfitError(f"{entry.path} leads out of the backup.")
    if not file.is_file():
        raise UnfitError(f"The backup is not whole: {entry.path} is missing.")
    if entry_of(file, folder.resolve()) != entry:
        raise UnfitError(f"The backup is damaged: {entry.path} has changed.")


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(file for file in folder.rglob("*") if file.is_file()))
