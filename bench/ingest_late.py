"""ingest-late: batches of which every tenth event is late, against batches in order.

Both go on in turns with the same site, which has a history of two days. A tenth of that history
and of what goes on is held back; late batches bring it, drawn evenly: single events, minutes to
two days late, each somewhere else in somebody's timeline.
"""

from collections.abc import Iterable
from itertools import islice, takewhile
from pathlib import Path
from random import Random

from bench import connections, posts, worlds
from bench.floor import AT, Row, stream
from bench.harness import Outcome, Size, compare
from bench.servers import serving
from common.instants import DAY_MS, HOUR_MS, MINUTE_MS

SHARE = 10  # one of so many is late
BEFORE = 9 * HOUR_MS  # of the UTC day: in the middle of the shift


class Held:
    """The events that have not arrived yet, and those that arrive now."""

    def __init__(self, world: worlds.World, first_day: int) -> None:
        rows = stream(world.floor, first_day)
        began, ends = first_day + BEFORE, first_day + BEFORE + 2 * DAY_MS
        history = [row for row in takewhile(lambda row: row[AT] < ends, rows) if row[AT] > began]
        self._dice = Random(1)
        self._coming = rows
        self._late: list[Row] = []
        worlds.load(world.file, self._in_time(history))
        self.stored = len(history) - len(self._late)

    def in_order(self, events: int) -> list[Row]:
        """The next events."""
        return list(islice(self._coming, events))

    def with_late(self, events: int, batch: int) -> list[Row]:
        """As many, of which every tenth of a batch is late."""
        late = batch // SHARE
        rows: list[Row] = []
        while len(rows) < events:
            rows += self._arriving(batch - late)
            newest = rows[-1][AT]
            rows += [self._overdue(newest) for _ in range(late)]
        return rows

    def _arriving(self, events: int) -> list[Row]:
        arriving: list[Row] = []
        while len(arriving) < events:
            arriving += self._in_time(islice(self._coming, events - len(arriving)))
        return arriving

    def _in_time(self, rows: Iterable[Row]) -> list[Row]:
        """Those that are not held back."""
        arriving: list[Row] = []
        for row in rows:
            (self._late if self._dice.random() < 1 / SHARE else arriving).append(row)
        return arriving

    def _overdue(self, newest: int) -> Row:
        """Any one that is at least a minute late."""
        late = self._late
        while True:
            at = self._dice.randrange(len(late))
            if late[at][AT] <= newest - MINUTE_MS:
                late[at], late[-1] = late[-1], late[at]
                return late.pop()


def run(folder: Path, size: Size) -> Outcome:
    """Rates in events per second."""
    world = worlds.create(
        folder / "ours.sqlite3", workers=size.workers, interval_ms=size.interval_ms
    )
    held = Held(world, worlds.past_midnight(5))
    events = size.batch * size.batches
    with serving(world.url) as server, connections.connected(server.port) as lines:

        def rate(rows: list[Row]) -> float:
            requests = posts.batches(rows, size=size.batch)
            return events / connections.ask_all(lines, [requests], expect=200)

        outcome = compare(
            lambda _: rate(held.with_late(events, size.batch)),
            lambda _: rate(held.in_order(events)),
            rounds=size.rounds,
            unit="events/s",
        )
    posts.check_stored(world.file, held.stored + 2 * events * (size.rounds + 1))
    return outcome
