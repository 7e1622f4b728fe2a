"""Real edge agents: `python -m edge agent` in a process of its own, with events in its buffer."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.connections import UnexpectedAnswer
from bench.environment import ROOT
from bench.worlds import GATEWAY
from edge.agent.body import decode
from edge.agent.journal import utc_now
from edge.agent.outbox import Outbox
from edge.agent.shape import Event, check

START_S = 30
AT_ONCE = 500


class Agent(NamedTuple):
    """An agent that answers."""

    port: int
    pid: int

    def rss_mb(self) -> float:
        """What it holds of memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def events_of(body: bytes) -> list[Event]:
    """What an agent makes of a request's body."""
    now = utc_now()
    checked = [check(item, now=now) for item in decode(body).items]
    return [each for each in checked if isinstance(each, Event)]


def fill(buffer: Path, events: Iterator[Event]) -> None:
    """Puts all of them into a buffer that no agent uses."""
    outbox = Outbox(buffer)
    group: list[Event] = []
    for each in events:
        group.append(each)
        if len(group) == AT_ONCE:
            outbox.put(*group)
            group.clear()
    outbox.put(*group)
    outbox.close()


@contextmanager
def running(buffer: Path, *, server_port: int) -> Iterator[Agent]:
    """An agent with that buffer, for as long as the block lasts."""
    words = ["--listen", "127.0.0.1:0", "--buffer", str(buffer), "--key", GATEWAY.text]
    words += ["--url", f"http://127.0.0.1:{server_port}", "--max-size", "9 GB"]
    journal = buffer.with_suffix(".journal")
    with journal.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "edge", "agent", *words], cwd=ROOT, stderr=said
        )
    try:
        yield Agent(_port(journal), process.pid)
    finally:
        process.kill()
        process.wait()


def _port(journal: Path) -> int:
    """Where it listens, once it says so."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        for line in journal.read_text().splitlines():
            said = json.loads(line)
            if said["event"] == "started":
                return int(said["port"])
        time.sleep(0.05)
    raise UnexpectedAnswer(f"The agent did not start: {journal.read_text()}")
