"""A factory behind Kafka: its site in the tests' own database; servers and consumers are real."""

import json
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from common import clock
from common.instants import to_ms
from events.domain.judgement import Sender
from events.domain.wire import decode
from events.models import Event, RefusedEvent, StreamPosition
from events.stream.messages import Delivered
from events.stream.options import group_of
from events.stream.wrapping import Wrapper
from tests.broker import Broker
from tests.demo.processes import Command
from tests.floor import Floor, Json, after, event

BRIEF = "session.timeout.ms=6000 heartbeat.interval.ms=1000"  # one that was killed is missed soon
WORKERS = 5


@dataclass
class Plant:
    """Everything that is started ends with it."""

    broker: Broker
    folder: Path
    partitions: int = 1
    bootstrap: str = ""  # where the broker is said to be
    database_url: str = ""
    key: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.topic = self.broker.new_topic(partitions=self.partitions)
        if not self.key:  # else somebody else has made the site
            self.floor = Floor()
            self.key = self.floor.key
        self.began = clock.now() - timedelta(days=2)
        self._running = ExitStack()
        self._number = 0
        settings.KAFKA_TOPIC = self.topic

    def __enter__(self) -> "Plant":
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url or url_of_the_tests(),
            "EVENT_SINK": "kafka",
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap or self.broker.address,
            "KAFKA_OPTIONS": BRIEF,
            "KAFKA_TOPIC": self.topic,
        } | self.extra

    def serve(self) -> Command:
        """A server that answers."""
        server = self.run("serve")
        server.wait_until(server.answers)
        return server

    def run(self, *words: str, **more: str) -> Command:
        self._number += 1
        log = self.folder / f"{words[0]}-{self._number}"
        command = Command(words, log, environment=self.environment | more)
        return self._running.enter_context(command)

    def consume(self, **more: str) -> Command:
        """One that knows what a signal means."""
        consumer = self.run("consume_events", **more)
        consumer.wait_until_said("Storing events")
        return consumer

    def post(self, server: Command, body: Any, *, key: str = "") -> tuple[int, Json, Any]:
        """Status, document and headers. Raises OSError, HTTPException or ValueError without one."""
        headers = {"Authorization": f"Bearer {key or self.key}"}
        request = urllib.request.Request(
            f"{server.url}/api/v1/events/",
            json.dumps(body).encode(),
            headers | {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response), response.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error), error.headers

    def produce(self, *batches: list[Any]) -> None:
        """As the API would, for the key of C1, without one."""
        for batch in batches:
            message = decode(json.dumps(batch).encode())
            wrapper = Wrapper(self.floor.site.code, Sender("C1"), to_ms(clock.now()))
            pairs = zip(message.raw(), message.items, strict=True)
            self.broker.produce(
                self.topic,
                *(
                    wrapper.refused(raw) if isinstance(item, str) else wrapper.event(raw, item)
                    for raw, item in pairs
                ),
            )

    def committed(self) -> dict[int, int]:
        return self.broker.committed(self.topic, group_of(self.topic))

    def dead_letters(self) -> list[Delivered]:
        return self.broker.messages(f"{self.topic}.dead")

    def batch(self, number: int, n: int, *, size: int = 25) -> list[Json]:
        """The n-th of a client: one event a second, none of them another client's."""
        return [
            event(
                after(self.began, seconds=n * size + m, milliseconds=number),
                worker=f"W{number % WORKERS + 1}",
            )
            for m in range(size)
        ]

    # --- what is stored ---------------------------------------------------------------------------

    def stored(self) -> Counter[tuple[str, int]]:
        rows = Event.objects.values_list("worker__code", "occurred_at")
        return Counter((code, to_ms(at)) for code, at in rows)

    def refused(self) -> int:
        return sum(RefusedEvent.objects.values_list("count", flat=True))

    def total(self, *names: str) -> int:
        rows = StreamPosition.objects.filter(topic=self.topic)
        return sum(getattr(row, name) for row in rows for name in names)

    def is_through(self) -> bool:
        """Whether all that the topic holds is stored."""
        held = Counter(message.partition for message in self.broker.messages(self.topic))
        rows = StreamPosition.objects.filter(topic=self.topic)
        return {row.partition: row.next_offset for row in rows if row.next_offset} == dict(held)

    def wait_until_through(self, consumer: Command) -> None:
        consumer.wait_until(self.is_through)


def url_of_the_tests() -> str:
    """The database that this very process tests with."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    who = f"{given['USER']}:{quote(given['PASSWORD'] or '')}@".replace(":@", "@")
    return f"postgresql://{who}{given['HOST']}:{given['PORT']}/{given['NAME']}"


def keys_of(batch: list[Json]) -> set[tuple[str, int]]:
    """As `Plant.stored` has them."""
    return {(each["worker_id"], to_ms(datetime.fromisoformat(each["timestamp"]))) for each in batch}
