"""The durable buffer: one SQLite file. One thread writes; others read through readers of their own.

WAL with synchronous FULL: what a finished transaction has written outlives a power cut.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from edge.agent.shape import Event

REFUSE, DROP_OLDEST = "refuse", "drop-oldest"
POLICIES = (REFUSE, DROP_OLDEST)
DROPPED_AT_ONCE = 500
CACHE_KB = 1_000  # the box is small; reads go from one end to the other anyway
PAGES_BESIDE = 16  # of tables and indexes that grow a little with every event

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS dead (
    id INTEGER PRIMARY KEY, died_at TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
    line TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sequence (
    camera_id TEXT PRIMARY KEY, last INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS figure (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (file TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
"""
_COUNT_UP = (
    "INSERT INTO figure VALUES (?, ?) "
    "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
)


class FullError(Exception):
    """The buffer may not grow any further; nothing of the call was kept."""


class Corrupt(Exception):
    """The file is no sound database."""


@dataclass(frozen=True)
class Room:
    """How much disk the buffer may use, and what happens when that is used up."""

    max_bytes: int = 1_000_000_000
    when_full: str = REFUSE
    max_dead: int = 10_000  # refused events that are kept, the newest


@dataclass(frozen=True)
class Dead:
    """An event that the server refused, and why."""

    id: int
    code: str
    detail: str


Row = tuple[int, str]


class Buffer:
    """The writer's side. Call it from one thread, inside `transaction()`."""

    def __init__(self, path: Path, room: Room) -> None:
        self._room = room
        with _corruption():
            self._database = _open(path)
            for statement in _SCHEMA.split(";"):
                self._database.execute(statement)
            self._database.execute("INSERT OR IGNORE INTO about VALUES ('run', ?)", (_new_run(),))
            self.run = str(self._one("SELECT value FROM about WHERE name = 'run'"))
            self._page_bytes = int(self._one("PRAGMA page_size"))
            self._recall()
            self._tell()

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises FullError, Corrupt or sqlite3.Error."""
        with _corruption():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
                self._tell()
            except BaseException:
                self._roll_back()
                raise

    def append(self, events: Sequence[Event]) -> None:
        """Keeps the events, numbered by camera. Raises FullError."""
        self._make_room(sum(len(event.text) for event in events) + _BESIDE * len(events))
        rows = list(enumerate(self._numbered(events), start=self._next_id))
        self._database.executemany("INSERT INTO event VALUES (?, ?)", rows)
        self._next_id += len(rows)
        self.count_up(waiting=len(rows), put=len(rows))

    def take_back(self, rows: Iterable[Row]) -> int:
        """Keeps rows that were saved from a broken buffer as they are; how many."""
        lines = [line for _, line in rows]
        numbered = list(enumerate(lines, start=self._next_id))
        self._database.executemany("INSERT INTO event VALUES (?, ?)", numbered)
        self._next_id += len(lines)
        self.count_up(waiting=len(lines))
        return len(lines)

    def remove(self, ids: Sequence[int]) -> None:
        """They are safe elsewhere."""
        marks = ",".join("?" * len(ids))
        gone = self._database.execute(f"DELETE FROM event WHERE id IN ({marks})", ids).rowcount  # noqa: S608
        self.count_up(waiting=-gone)

    def bury(self, dead: Iterable[Dead], *, at: str) -> None:
        """Moves refused events to the dead letters; the oldest of too many go, and are counted."""
        for each in dead:
            gone = self._database.execute(
                "INSERT INTO dead (died_at, code, detail, line) "
                "SELECT ?, ?, ?, line FROM event WHERE id = ?",
                (at, each.code, each.detail, each.id),
            ).rowcount
            self.count_up(refused=gone)
            self.remove([each.id])
        self.forgot_dead()

    def bury_line(self, line: str, *, code: str, detail: str, at: str) -> None:
        """Keeps what never became an event."""
        self._database.execute(
            "INSERT INTO dead (died_at, code, detail, line) VALUES (?, ?, ?, ?)",
            (at, code, detail, line),
        )
        self.count_up(refused=1)
        self.forgot_dead()

    def forgot_dead(self) -> None:
        """Lets the oldest dead letters go, once there are too many."""
        gone = self._database.execute(
            "DELETE FROM dead WHERE id <= (SELECT max(id) FROM dead) - ?", (self._room.max_dead,)
        ).rowcount
        self.count_up(forgotten=gone)

    def put_place(self, file: str, after: int) -> None:
        """Remembers that a file has been read so far."""
        self._database.execute("INSERT OR REPLACE INTO place VALUES (?, ?)", (file, after))

    def forget_place(self, file: str) -> None:
        self._database.execute("DELETE FROM place WHERE file = ?", (file,))

    def place_of(self, file: str) -> int:
        """How far a file has been read."""
        row = self._database.execute("SELECT next FROM place WHERE file = ?", (file,)).fetchone()
        return int(row[0]) if row else 0

    def count_up(self, **numbers: int) -> None:
        counted = [(name, number) for name, number in numbers.items() if number]
        if counted:
            self._database.executemany(_COUNT_UP, counted)
            self._figures.update(dict(counted))

    def _numbered(self, events: Iterable[Event]) -> list[str]:
        """Their texts; with the camera's next number where the sender does not count itself."""
        lines: list[str] = []
        numbered: dict[str, int] = {}
        end = f',"seq_run":"{self.run}"}}'
        for event in events:
            text = event.text
            if not event.is_numbered:
                camera = event.camera_id
                seq = numbered[camera] = numbered.get(camera, self._last_seq.get(camera, 0)) + 1
                text = f'{text[:-1]},"seq":{seq}{end}'
            lines.append(text)
        self._database.executemany(
            "INSERT OR REPLACE INTO sequence VALUES (?, ?)", list(numbered.items())
        )
        self._last_seq.update(numbered)
        return lines

    def _make_room(self, size: int) -> None:
        """Raises FullError where that is the policy, or where it is of no use.

        The caller then rolls back, so that nothing is dropped in vain.
        """
        limit = self._room.max_bytes - PAGES_BESIDE * self._page_bytes
        while self._measured() + size > limit:
            if self._room.when_full == REFUSE or not self._drop():
                raise FullError(f"The buffer has used its {self._room.max_bytes:,} bytes")

    def _drop(self) -> int:
        """Lets the oldest go; how many."""
        gone = self._database.execute(
            "DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id LIMIT ?)",
            (DROPPED_AT_ONCE,),
        ).rowcount
        self.count_up(waiting=-gone, dropped=gone)
        return gone

    def _measured(self) -> int:
        """What is used of the file."""
        pages = self._one("PRAGMA page_count") - self._one("PRAGMA freelist_count")
        return int(pages * self._page_bytes)

    def _tell(self) -> None:
        """What other threads may know: only what is committed."""
        self.figures = dict(self._figures)  # all that was ever counted in this file
        self.sequences = dict(self._last_seq)  # the number last given, by camera
        self.used_bytes = self._measured()

    def _roll_back(self) -> None:
        """A fault may have ended the transaction already."""
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")
        self._recall()

    def _recall(self) -> None:
        """What is kept in memory, from the file."""
        # An id is given once in a process's life, so that nobody deletes another one's event.
        newest = self._one("SELECT coalesce(max(id), 0) FROM event")
        self._next_id = max(getattr(self, "_next_id", 0), newest + 1)
        self._last_seq = dict(self._database.execute("SELECT * FROM sequence"))
        self._figures = Counter(dict(self._database.execute("SELECT * FROM figure")))

    def _one(self, statement: str) -> int:
        value: int = self._database.execute(statement).fetchone()[0]
        return value


_BESIDE = 64  # bytes that an event takes beside its text


class Reader:
    """The reader's side: sees what is committed. Call it from one thread."""

    def __init__(self, path: Path) -> None:
        with _corruption():
            self._database = sqlite3.connect(
                f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
            self._database.execute(f"PRAGMA cache_size = -{CACHE_KB}")

    def close(self) -> None:
        self._database.close()

    def oldest(self, limit: int, *, less: Iterable[int] = ()) -> list[Row]:
        """The events that have waited longest, but for those whose ids are given."""
        ids = ",".join(map(str, less))
        return self._rows(f"WHERE id NOT IN ({ids}) ORDER BY id LIMIT ?", limit)

    def newest(self, limit: int, *, after: int) -> list[Row]:
        """The newest that came after that id, in order."""
        return self._rows("WHERE id > ? ORDER BY id DESC LIMIT ?", after, limit)[::-1]

    def dead(self, limit: int) -> list[tuple[str, str, str, str]]:
        """When, code, detail and text of the events refused last."""
        with _corruption():
            return self._database.execute(
                "SELECT died_at, code, detail, line FROM dead ORDER BY id DESC LIMIT ?", (limit,)
            ).fetchall()

    def figures(self) -> dict[str, int]:
        with _corruption():
            return dict(self._database.execute("SELECT * FROM figure"))

    def _rows(self, condition: str, *parameters: int) -> list[Row]:
        with _corruption():
            return self._database.execute(
                f"SELECT id, line FROM event {condition}",  # noqa: S608 - numbers alone
                parameters,
            ).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    database.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA journal_size_limit = 16000000")
    return database


def _new_run() -> str:
    """Names a life of the sequence numbers: they start again in a new file."""
    return f"{SystemRandom().getrandbits(48):012x}"


@contextmanager
def _corruption() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise Corrupt(str(error)) from error
        raise
