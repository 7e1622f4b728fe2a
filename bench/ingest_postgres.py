"""ingest-postgres: as ingest-batch, on PostgreSQL, against COPY of the same rows.

Counterpart: COPY into a copy of the events table with its indexes and constraints, on the same
durable server, one transaction per batch.
"""

from pathlib import Path

from bench import connections, postgres_worlds, posts, worlds
from bench.floor import Row, stream
from bench.harness import Outcome, Size, compare, seconds
from bench.postgres_worlds import World
from bench.servers import serving


def run(_folder: Path, size: Size) -> Outcome:
    """Rates in events per second."""
    with postgres_worlds.created(size) as world:
        return _measured(world, size, rounds(world, size))


def rounds(world: World, size: Size) -> list[list[Row]]:
    """What is seen in each round, in order."""
    seen = stream(world.floor, worlds.past_midnight(5))
    return posts.rounds_of(seen, events=size.batch * size.batches, rounds=size.rounds)


def _measured(world: World, size: Size, rows: list[list[Row]]) -> Outcome:
    events = size.batch * size.batches
    requests = [posts.batches(each, size=size.batch) for each in rows]
    with (
        serving(world.url) as server,
        connections.connected(server.port) as lines,
        postgres_worlds.plain_table(world) as plain,
    ):
        outcome = compare(
            lambda number: events / connections.ask_all(lines, [requests[number]], expect=200),
            lambda number: (
                events
                / seconds(lambda: postgres_worlds.copy(plain, rows[number], chunk=size.batch))
            ),
            rounds=size.rounds,
            unit="events/s",
        )
    for table in ("events_event", "plain"):
        postgres_worlds.check_stored(world, events * (size.rounds + 1), table)
    return outcome
