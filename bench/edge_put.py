"""edge-put: events/s into the edge agent's buffer, against inserts of the same rows.

Ours: `Outbox.put` of 100 events at a time, each durable when it returns: numbers by camera, counts
and the bound on the file included. Counterpart: `executemany` of as many finished rows into a bare
table, one transaction for each hundred, same pragmas.
"""

import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path

from bench import worlds
from bench.agents import events_of
from bench.floor import Row, stream
from bench.harness import Outcome, Size, compare, seconds
from edge.agent.buffer import CACHE_KB
from edge.agent.outbox import Outbox
from edge.agent.shape import Event

AT_ONCE = 100


def run(folder: Path, size: Size) -> Outcome:
    """Rates in events per second."""
    world = worlds.create(folder / "ours.sqlite3", workers=size.workers, interval_ms=5_000)
    rows = list(islice(stream(world.floor, worlds.past_midnight(5)), size.batch * size.batches))
    events = events_of_all(world, rows)
    groups = [events[n : n + AT_ONCE] for n in range(0, len(events), AT_ONCE)]
    outbox = Outbox(folder / "buffer.sqlite3")
    lines = [line for _, line in _numbered(outbox, events)]
    with closing(_bare(folder / "bare.sqlite3")) as bare:
        outcome = compare(
            lambda _: len(events) / seconds(lambda: _put(outbox, groups)),
            lambda number: len(events) / seconds(lambda: _insert(bare, lines, number)),
            rounds=size.rounds,
            unit="events/s",
        )
    outbox.close()
    return outcome


def events_of_all(world: worlds.World, rows: list[Row]) -> list[Event]:
    """As the agent would make of them."""
    parts = (rows[n : n + 5_000] for n in range(0, len(rows), 5_000))
    return [event for part in parts for event in events_of(worlds.wire(part))]


def _put(outbox: Outbox, groups: list[list[Event]]) -> None:
    for group in groups:
        outbox.put(*group)


def _numbered(outbox: Outbox, events: list[Event]) -> list[tuple[int, str]]:
    """The rows that the outbox writes for them."""
    outbox.put(*events)
    return outbox.oldest(len(events))


def _bare(file: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(file, isolation_level=None)
    opened.execute("PRAGMA journal_mode=WAL")
    opened.execute("PRAGMA synchronous=FULL")
    opened.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    opened.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, line TEXT NOT NULL)")
    return opened


def _insert(bare: sqlite3.Connection, lines: list[str], number: int) -> None:
    first = number * len(lines)
    for begin in range(0, len(lines), AT_ONCE):
        part = lines[begin : begin + AT_ONCE]
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(
            "INSERT INTO event VALUES (?, ?)", list(enumerate(part, start=first + begin))
        )
        bare.execute("COMMIT")
