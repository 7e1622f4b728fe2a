"""rebuild: events/s of making spans and sums again, against Python reading the same events.

Counterpart: the rows fetched from SQLite, made objects, and sorted worker by worker: what any
rebuild in Python must do at least.
"""

from collections import defaultdict
from itertools import islice
from operator import attrgetter
from pathlib import Path

from bench import floor, worlds
from bench.harness import Outcome, Size, compare, seconds
from events.domain.observation import COLUMNS, Observation
from metrics.rebuild import rebuild_site


def run(folder: Path, size: Size) -> Outcome:
    """Rates in events per second, of one day."""
    world = worlds.create(
        folder / "ours.sqlite3", workers=size.workers, interval_ms=size.interval_ms
    )
    (rows,) = islice(floor.days(world.floor, worlds.past_midnight(2)), 1)
    worlds.load(world.file, rows)
    with worlds.database(world.file):
        return compare(
            lambda _: len(rows) / seconds(lambda: rebuild_site(world.floor.site_id)),
            lambda _: len(rows) / seconds(lambda: _decoded_and_sorted(world.file)),
            rounds=size.rounds,
            unit="events/s",
            note=f"{len(rows):,} events",
        )


def _decoded_and_sorted(file: Path) -> None:
    by_worker: defaultdict[int, list[Observation]] = defaultdict(list)
    with worlds.raw(file) as opened:
        for row in opened.execute(f"SELECT {', '.join(COLUMNS)} FROM events_event"):
            observation = Observation(*row)
            by_worker[observation.worker_id].append(observation)
    for mine in by_worker.values():
        mine.sort(key=attrgetter("occurred_at"))
