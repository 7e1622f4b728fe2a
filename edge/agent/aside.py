"""Broken buffers: moved aside, never deleted, and what they still give is saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path

from edge.agent.shape import text_of

NEIGHBOURS = ("", "-wal", "-shm")  # a database is up to three files
CHUNK = 500
UNSAVED, SAVED = "broken", "broken-saved"

Row = tuple[int, str]


def move(path: Path, *, at: datetime) -> Path:
    """Renames the database; its new name."""
    stamp = text_of(at).replace(":", "")
    number = len(list(path.parent.glob(f"{path.name}.broken*")))
    moved_to = path.with_name(f"{path.name}.{UNSAVED}-{stamp}-{number}")
    for name in NEIGHBOURS[::-1]:
        with suppress(FileNotFoundError):
            Path(f"{path}{name}").replace(f"{moved_to}{name}")
    return moved_to


def unsaved(path: Path) -> list[Path]:
    """The files moved aside from which nothing was saved yet."""
    found = path.parent.glob(f"{path.name}.{UNSAVED}-2*")
    return sorted(file for file in found if not file.name.endswith(NEIGHBOURS[1:]))


def mark_saved(file: Path) -> None:
    """It is not looked at again."""
    kept = file.name.replace(f".{UNSAVED}-", f".{SAVED}-")
    for name in NEIGHBOURS:
        with suppress(FileNotFoundError):
            Path(f"{file}{name}").replace(file.with_name(f"{kept}{name}"))


def saved(file: Path) -> Iterator[list[Row]]:
    """The events that a broken file still gives, some at a time."""
    rows = _rows(file)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _rows(file: Path) -> Iterator[Row]:
    """From both ends, up to what can't be read."""
    try:
        with closing(sqlite3.connect(file)) as database:
            last = 0
            for row in _while_readable(database, "ORDER BY id"):
                last = row[0]
                yield row
            yield from _while_readable(database, f"WHERE id > {last} ORDER BY id DESC")
    except sqlite3.Error:
        return


def _while_readable(database: sqlite3.Connection, condition: str) -> Iterator[Row]:
    with suppress(sqlite3.Error):
        for row in database.execute(f"SELECT id, line FROM event {condition}"):  # noqa: S608
            if isinstance(row[1], str) and row[1][:1] + row[1][-1:] == "{}":
                yield row
