"""memory: the most memory that a server has held under ingest load.

8 connections post batches at once. The resident set of all the server's
processes is summed up, and with it what they have mapped of the database file.
"""

from itertools import islice
from pathlib import Path

from bench import connections, posts, worlds
from bench.floor import stream
from bench.harness import Outcome, Size
from bench.servers import serving

CONNECTIONS = 8


def run(folder: Path, size: Size) -> Outcome:
    """Megabytes."""
    world = worlds.create(
        folder / "ours.sqlite3", workers=size.workers, interval_ms=size.interval_ms
    )
    rows = list(islice(stream(world.floor, worlds.past_midnight(5)), size.load))
    asked = posts.batches(rows, size=size.batch)
    with serving(world.url) as server, connections.connected(server.port, CONNECTIONS) as lines:
        dealt = [asked[number::CONNECTIONS] for number in range(CONNECTIONS)]
        connections.ask_all(lines, dealt, expect=200)
        return Outcome("MB", server.peak_mb(), None, (), f"{len(rows):,} events")
