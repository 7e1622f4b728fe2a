"""ingest-batch: events/s of batches over HTTP, against plain inserts of the same rows.

Ours: one connection posts batches of all workers' events in order, as a gateway does; everything
is on: key, dedupe, facts, spans, buckets. Counterpart: `executemany` of the same rows, one
transaction per batch, into the same table (indexes, constraints, pragmas) of a copy of the file.
"""

import shutil
from pathlib import Path

from bench import connections, posts, worlds
from bench.floor import stream
from bench.harness import Outcome, Size, compare, seconds
from bench.servers import serving


def run(folder: Path, size: Size) -> Outcome:
    """Rates in events per second."""
    world = worlds.create(
        folder / "ours.sqlite3", workers=size.workers, interval_ms=size.interval_ms
    )
    copy = Path(shutil.copyfile(world.file, folder / "plain.sqlite3"))
    events = size.batch * size.batches
    seen = stream(world.floor, worlds.past_midnight(5))
    rows = posts.rounds_of(seen, events=events, rounds=size.rounds)
    requests = [posts.batches(each, size=size.batch) for each in rows]
    with (
        serving(world.url) as server,
        connections.connected(server.port) as lines,
        worlds.raw(copy) as plain,
    ):
        outcome = compare(
            lambda number: events / connections.ask_all(lines, [requests[number]], expect=200),
            lambda number: (
                events / seconds(lambda: worlds.insert(plain, rows[number], chunk=size.batch))
            ),
            rounds=size.rounds,
            unit="events/s",
        )
    for file in (world.file, copy):
        posts.check_stored(file, events * (size.rounds + 1))
    return outcome
