"""Real consumers: `manage.py consume_events` in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.environment import ROOT
from tests.broker import Broker

SOON = "session.timeout.ms=6000"  # the tests' broker gives out partitions after half of it
STOP_S = 60


@contextmanager
def consuming(url: str, broker: Broker, *, topic: str, log: Path) -> Iterator[int]:
    """The process id of one that stores into the database of this URL, while the block lasts."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "KAFKA_BOOTSTRAP_SERVERS": broker.address,
        "KAFKA_OPTIONS": SOON,
        "KAFKA_TOPIC": topic,
    }
    command = [sys.executable, "manage.py", "consume_events"]
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(STOP_S)
