"""read-growth: the answers of `read` at 10 M events, against the same at 1 M.

The same workers, days and shifts, seen ten times as often: what is read must not grow with it.
"""

from pathlib import Path

from bench import bigset
from bench.figures import Asker
from bench.harness import Outcome, Size, compare
from bench.servers import serving

ASKED = 3  # times in a round


def run(folder: Path, size: Size) -> Outcome:
    """Times in milliseconds."""
    dense, sparse = bigset.dense(folder, size), bigset.sparse(folder, size)
    with serving(dense.world.url) as server, serving(sparse.world.url) as sparse_server:
        asker, sparse_asker = Asker(server.port, dense), Asker(sparse_server.port, sparse)
        return compare(
            lambda _: _milliseconds(asker),
            lambda _: _milliseconds(sparse_asker),
            rounds=2 * size.rounds,
            unit="ms",
            note=f"{dense.events:,} events against {sparse.events:,}",
        )


def _milliseconds(asker: Asker) -> float:
    return 1_000 * sum(asker.cold_seconds() for _ in range(ASKED)) / ASKED
