"""A folder whose files of events are taken in: then moved to done/, or to failed/ with the reason.

Each piece of a file is kept together with how far the file was read, so that after a crash it goes
on there: nothing twice, nothing left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from threading import Event as Flag
from time import time
from typing import BinaryIO

from edge.agent.body import MAX_BYTES, MalformedError, Message, TooLargeError, decode, items_of
from edge.agent.intake import Intake
from edge.agent.journal import Journal
from edge.agent.outbox import OutboxError
from edge.agent.shape import Refusal

LOOK_SECONDS = 1.0
SETTLED_SECONDS = 1.0  # a file that was written to later than that is not whole yet
CHUNK_LINES = 500
LONGEST_LINE = 100_000
LINES, DOCUMENTS = {".ndjson", ".jsonl"}, {".json"}
DONE, FAILED = "done", "failed"


@dataclass
class Spool:
    """`run` in a thread of its own. Writers rename finished files into the folder."""

    folder: Path
    intake: Intake
    journal: Journal = field(default_factory=Journal)
    _stopped: Flag = field(default_factory=Flag)

    def prepare(self) -> None:
        """Makes the folders. Raises OSError."""
        for folder in (self.folder, self.folder / DONE, self.folder / FAILED):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self) -> None:
        """Until stopped."""
        while not self._stopped.is_set():
            try:
                self.take_all()
            except (OSError, OutboxError) as error:
                self.journal.warning("spool_waits", reason=str(error))
            self._stopped.wait(LOOK_SECONDS)

    def stop(self) -> None:
        self._stopped.set()

    def take_all(self) -> None:
        """Takes in what lies there and is whole, by name. Raises OSError, OutboxError."""
        for path in sorted(self.folder.iterdir()):
            if _is_ready(path) and not self._stopped.is_set():
                self._take(path)

    def _take(self, path: Path) -> None:
        name = _name_of(path)
        try:
            reasons = self._read(path, name)
        except (MalformedError, TooLargeError) as error:
            reasons = [str(error) or "Too large for one document: write lines (.ndjson) instead"]
        self._move(path, reasons)
        self.intake.outbox.forget_place(name)

    def _read(self, path: Path, name: str) -> list[str]:
        """Why which items were refused."""
        at = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
        begin = self.intake.outbox.place_of(name)
        reasons: list[str] = []
        with path.open("rb") as file:
            for first, message, end in _pieces(file, begin, is_lines=path.suffix in LINES):
                refused = self.intake.take(message, at=at, read_to=(name, end))
                reasons += [_told(first + n, each) for n, each in sorted(refused.items())]
        return reasons

    def _move(self, path: Path, reasons: list[str]) -> None:
        """What is wrong with it lies beside a file that failed."""
        goal = _free(self.folder / (FAILED if reasons else DONE), path)
        if reasons:
            goal.with_name(f"{goal.name}.reasons").write_text("\n".join([*reasons, ""]))
            self.journal.warning("spool_failed", file=path.name, reason=reasons[0])
        path.replace(goal)


def _is_ready(path: Path) -> bool:
    if path.suffix not in LINES | DOCUMENTS or path.name.startswith(".") or not path.is_file():
        return False
    return path.stat().st_mtime < time() - SETTLED_SECONDS


def _name_of(path: Path) -> str:
    """Names this file and no later one of the same name."""
    stat = path.stat()
    return f"{path.name}/{stat.st_ino}/{stat.st_mtime_ns}/{stat.st_size}"


def _pieces(file: BinaryIO, begin: int, *, is_lines: bool) -> Iterator[tuple[int, Message, int]]:
    """The number of the first item, the items, and where the next piece begins."""
    if not is_lines:
        if begin == 0:
            yield 1, decode(file.read(MAX_BYTES + 1)), 1
        return
    file.seek(begin)
    number = 1
    while lines := list(islice(iter(lambda: file.readline(LONGEST_LINE), b""), CHUNK_LINES)):
        items = items_of(lines)
        if items:
            yield number, Message(items), file.tell()
        number += len(lines)


def _told(number: int, refusal: Refusal) -> str:
    return f"item {number}: {refusal.code}: {refusal.detail}"


def _free(folder: Path, path: Path) -> Path:
    """A name there that nobody has."""
    goal, number = folder / path.name, 1
    while goal.exists():
        number += 1
        goal = folder / f"{path.stem}-{number}{path.suffix}"
    return goal
