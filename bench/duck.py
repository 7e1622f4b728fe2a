"""The counterpart of reading: DuckDB computes the same times from the events themselves.

Events lie in a DuckDB table beforehand, as they arrived; loading them is not timed. One query gives
what our three answers say together: the times in each state inside scheduled time.
"""

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bench import worlds
from bench.bigset import BigSet
from bench.figures import Times
from common.instants import DAY_MS, HOUR_MS, MINUTE_MS

THREADS = 2
TTL_MS = 5 * MINUTE_MS  # the cameras' default
SLOT_MS = 15 * MINUTE_MS  # shifts and breaks begin and end on such marks
SLOTS_A_DAY = DAY_MS // SLOT_MS

FROM_EVENTS = f"""
WITH states AS (
    SELECT worker_id, event_type AS state, occurred_at AS began,
        least(
            lead(occurred_at, 1, $end) OVER (PARTITION BY worker_id ORDER BY occurred_at),
            occurred_at + {TTL_MS},
            $end
        ) AS ended
    FROM events
    WHERE event_type <> 'product_count' AND occurred_at >= $start AND occurred_at < $end
), pieces AS (
    SELECT worker_id, state, began // {SLOT_MS} AS slot,
        least(ended, (began // {SLOT_MS} + 1) * {SLOT_MS}) - began AS ms
    FROM states
    UNION ALL
    SELECT worker_id, state, ended // {SLOT_MS}, ended % {SLOT_MS}
    FROM states WHERE ended // {SLOT_MS} > began // {SLOT_MS}
), summed AS (
    SELECT worker_id, state, slot, sum(ms) AS ms FROM pieces GROUP BY ALL
)
SELECT worker_id, slot * {SLOT_MS} // {HOUR_MS} AS hour,
    coalesce(sum(ms) FILTER (state = 'working'), 0)::BIGINT,
    coalesce(sum(ms) FILTER (state = 'idle'), 0)::BIGINT,
    coalesce(sum(ms) FILTER (state = 'absent'), 0)::BIGINT
FROM summed JOIN scheduled USING (worker_id)
WHERE slot % {SLOTS_A_DAY} = scheduled.slot_of_day
GROUP BY GROUPING SETS ((), (worker_id), (hour))
"""


class Duck:
    """A DuckDB with the events of a set."""

    def __init__(self, opened: duckdb.DuckDBPyConnection, of: BigSet) -> None:
        self._opened, self._window = opened, {"start": of.start, "end": of.end}

    def answers(self) -> list[Times]:
        """What the three answers say: in all (as 0), by worker, and by hour since 1970."""
        whole, by_worker, by_hour = Times(), Times(), Times()
        rows = self._opened.execute(FROM_EVENTS, self._window).fetchall()
        for worker_id, hour, *times in rows:
            if worker_id is not None:
                by_worker[worker_id] = tuple(times)
            elif hour is not None:
                by_hour[hour] = tuple(times)
            else:
                whole[0] = tuple(times)
        return [whole, by_worker, by_hour]


@contextmanager
def loaded(of: BigSet) -> Iterator[Duck]:
    """The events of a set, in a DuckDB file kept beside it."""
    file = of.world.file.with_suffix(".duckdb")
    if not file.exists():
        _export(of, file)
    with duckdb.connect(str(file), config={"threads": THREADS}) as opened:
        yield Duck(opened, of)


def _export(of: BigSet, file: Path) -> None:
    draft = file.with_suffix(".draft")
    with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".csv") as text:
        with worlds.raw(of.world.file) as source:
            rows = source.execute("SELECT worker_id, occurred_at, event_type FROM events_event")
            csv.writer(text).writerows(rows)
        text.flush()
        with duckdb.connect(str(draft)) as opened:
            opened.execute(
                "CREATE TABLE events(worker_id INT, occurred_at BIGINT, event_type TEXT)"
            )
            opened.execute(f"COPY events FROM '{text.name}'")
            opened.execute("CREATE TABLE scheduled(worker_id INT, slot_of_day INT)")
            opened.executemany("INSERT INTO scheduled VALUES (?, ?)", _scheduled(of))
    draft.rename(file)


def _scheduled(of: BigSet) -> list[tuple[int, int]]:
    """The quarter-hours of the UTC day in which each worker is meant to work."""
    floor, minutes = of.world.floor, SLOT_MS // MINUTE_MS
    return [
        (worker_id, slot)
        for number, worker_id in enumerate(floor.workers)
        for opens, closes in [floor.shifts[number % len(floor.shifts)]]
        for slot in range(opens // minutes, closes // minutes)
        if not any(start <= slot * minutes < end for start, end in worlds.BREAKS)
    ]
