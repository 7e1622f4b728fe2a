"""ingest-single: one-event POSTs/s over 8 connections, against the barest view that stores one.

Ours: as cameras send, each event with key, dedupe, facts, spans and buckets. Counterpart: a DRF
view without key or checks that inserts the row in its own transaction; same server, same pragmas.
"""

import shutil
from pathlib import Path

from bench import connections, posts, servers, worlds
from bench.environment import url_of
from bench.floor import stream
from bench.harness import Outcome, Size, compare

CONNECTIONS = 8


def run(folder: Path, size: Size) -> Outcome:
    """Rates in POSTs per second."""
    world = worlds.create(
        folder / "ours.sqlite3", workers=size.workers, interval_ms=size.interval_ms
    )
    copy = Path(shutil.copyfile(world.file, folder / "bare.sqlite3"))
    seen = stream(world.floor, worlds.past_midnight(5))
    rows = posts.rounds_of(seen, events=size.singles, rounds=size.rounds)
    ours = [_dealt(posts.singles(each)) for each in rows]
    bare = [_dealt(posts.singles(each, path="/insert/")) for each in rows]
    with (
        servers.serving(world.url) as server,
        servers.serving(url_of(copy), settings=servers.BARE) as bare_server,
        connections.connected(server.port, CONNECTIONS) as lines,
        connections.connected(bare_server.port, CONNECTIONS) as bare_lines,
    ):
        outcome = compare(
            lambda number: size.singles / connections.ask_all(lines, ours[number], expect=201),
            lambda number: size.singles / connections.ask_all(bare_lines, bare[number], expect=201),
            rounds=size.rounds,
            unit="POSTs/s",
        )
    for file in (world.file, copy):
        posts.check_stored(file, size.singles * (size.rounds + 1))
    return outcome


def _dealt(requests: list[bytes]) -> list[list[bytes]]:
    """One after the other to each connection."""
    return [requests[number::CONNECTIONS] for number in range(CONNECTIONS)]
