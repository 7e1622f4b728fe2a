"""ingest-kafka: a consumer stores from a full topic, on PostgreSQL, against ingest-postgres.

Both stand on durable servers of their own, and store the same rows. The consumer has joined its
group before, and stands still while the topic is filled.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import connections, postgres_worlds, posts, worlds
from bench.consumers import consuming
from bench.floor import Row
from bench.harness import Outcome, Size, compare
from bench.ingest_postgres import rounds
from bench.postgres_worlds import World
from bench.posts import NotStored
from bench.servers import serving
from common import clock
from common.instants import to_ms
from events.domain.judgement import Sender
from events.domain.wire import Item, decode
from events.stream.messages import Outgoing
from events.stream.wrapping import Wrapper
from tests.broker import Broker, new_broker
from tests.stopped import stopped

TOPIC = "bench"
PATIENCE_S = 120
NEXT = "SELECT coalesce(sum(next_offset), 0) FROM events_streamposition"


def run(folder: Path, size: Size) -> Outcome:
    """Rates in events per second."""
    with (
        postgres_worlds.created(size) as behind,
        postgres_worlds.created(size) as direct,
        new_broker(folder) as broker,
    ):
        broker.create(TOPIC)
        outcome = _measured(behind, direct, broker, size, log=folder / "consumer.log")
        for world in (behind, direct):
            postgres_worlds.check_stored(world, size.batch * size.batches * (size.rounds + 1))
    return outcome


def _measured(behind: World, direct: World, broker: Broker, size: Size, *, log: Path) -> Outcome:
    events = size.batch * size.batches
    rows = rounds(direct, size)
    requests = [posts.batches(each, size=size.batch) for each in rows]
    with (
        _consumer(behind, broker, log) as consumer,
        serving(direct.url) as server,
        connections.connected(server.port) as lines,
    ):
        return compare(
            lambda number: events / consumer.seconds(_messages(rows[number], size.batch)),
            lambda number: events / connections.ask_all(lines, [requests[number]], expect=200),
            rounds=size.rounds,
            unit="events/s",
        )


@dataclass
class _Consumer:
    """A consumer in a process of its own."""

    pid: int
    broker: Broker
    database: psycopg.Connection
    sent: int = 0

    def seconds(self, messages: Sequence[Outgoing]) -> float:
        """From when it may begin until all is stored."""
        with stopped([self.pid]):
            self.broker.produce(TOPIC, *messages)
            self.sent += len(messages)
        began = time.perf_counter()
        self.wait()
        return time.perf_counter() - began

    def wait(self) -> None:
        """Until all that was sent is stored."""
        give_up_at = time.monotonic() + PATIENCE_S
        while self.database.execute(NEXT).fetchone() != (self.sent,):
            if time.monotonic() > give_up_at:
                raise NotStored("The consumer does not get through.")
            time.sleep(0.005)


@contextmanager
def _consumer(world: World, broker: Broker, log: Path) -> Iterator[_Consumer]:
    """One that has its partition."""
    with (
        psycopg.connect(world.url, autocommit=True) as database,
        consuming(world.url, broker, topic=TOPIC, log=log) as pid,
    ):
        consumer = _Consumer(pid, broker, database)
        wrapper = Wrapper("F1", Sender(None, "CAM-1"), to_ms(clock.now()))
        broker.produce(TOPIC, wrapper.heartbeat())
        consumer.sent = 1
        consumer.wait()
        yield consumer


def _messages(rows: Sequence[Row], batch: int) -> list[Outgoing]:
    """As the API sends them, request by request."""
    return [
        message
        for start in range(0, len(rows), batch)
        for message in _of_request(worlds.wire(rows[start : start + batch]))
    ]


def _of_request(body: bytes) -> list[Outgoing]:
    request = decode(body)
    wrapper = Wrapper("F1", Sender(None), to_ms(clock.now()))
    pairs: list[tuple[bytes, Item]] = list(zip(request.raw(), request.items, strict=True))
    return [wrapper.event(raw, item) for raw, item in pairs if not isinstance(item, str)]
