"""read: cold answers over HTTP to factory, workers and hourly series of 30 days and 10 M events.

Counterpart: DuckDB computes the times behind all of them from the events, in one query. Both must
agree to the millisecond before anything is measured.
"""

from pathlib import Path

from bench import bigset, duck
from bench.figures import Asker
from bench.harness import Outcome, Size, compare, seconds
from bench.servers import serving


class Disagreement(Exception):
    """The two sides computed different figures."""


def run(folder: Path, size: Size) -> Outcome:
    """Times in milliseconds."""
    dense = bigset.dense(folder, size)
    with serving(dense.world.url) as server, duck.loaded(dense) as engine:
        asker = Asker(server.port, dense)
        if asker.answers() != engine.answers():
            raise Disagreement("Our answers and DuckDB's differ.")
        return compare(
            lambda _: 1_000 * asker.cold_seconds(),
            lambda _: 1_000 * seconds(engine.answers),
            rounds=size.rounds,
            unit="ms",
            note=f"{dense.events:,} events",
        )
