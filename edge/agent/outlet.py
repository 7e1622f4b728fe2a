"""A simulated camera behind an agent: its lines wait on disk while its network fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Any

from edge.agent.body import decode
from edge.agent.forwarder import Forwarder
from edge.agent.heartbeats import Heartbeats
from edge.agent.intake import Intake
from edge.agent.journal import Journal
from edge.agent.outbox import Outbox
from edge.agent.reply import NO_REPLY, Reply
from edge.agent.standing import Standing
from edge.agent.upstream import Upstream
from edge.console import Console
from edge.patience import Patience
from edge.tally import Tally

FAREWELL_SECONDS = 0.8  # what is left when the run ends has this long to be sent
IMPATIENT = Patience(longest=5.0)
AWAY = Reply(NO_REPLY, problem="the network is away")


@dataclass(frozen=True)
class Outages:
    """`length` seconds at the end of every `every`; the clock starts at `began_at`."""

    every: float
    length: float
    began_at: float

    def is_now(self) -> bool:
        return (monotonic() - self.began_at) % self.every >= self.every - self.length


class FailingUpstream(Upstream):
    """Finds no way while there is an outage; what the server answers otherwise is counted."""

    def __init__(self, url: str, key: str, *, outages: Outages, tally: Tally) -> None:
        super().__init__(url, key)
        self._outages, self._tally = outages, tally

    def post(self, body: bytes) -> Reply:
        if self._outages.is_now():
            return AWAY
        reply = super().post(body)
        received = reply.document.get("received")
        if isinstance(received, int):
            self._tally.settle(reply.document, events=received)
        return reply


class ConsoleJournal(Journal):
    """Says on the console when the network goes and comes; the rest is in the tally."""

    def __init__(self, camera_id: str, console: Console) -> None:
        super().__init__()
        self._camera_id, self._console = camera_id, console

    def warning(self, event: str, **fields: Any) -> None:
        if event.startswith("link"):
            line = f"{self._camera_id}: {fields['reason']}; events wait on disk"
            self._console.warn(f"outbox {self._camera_id}", line)

    def info(self, event: str, **fields: Any) -> None:
        line = f"{self._camera_id}: the network is back, what waited is sent"
        self._console.relieve(f"outbox {self._camera_id}", line)


class OutboxOutlet:
    """An Outlet that keeps lines on disk until the server has them."""

    def __init__(
        self, camera_id: str, upstream: Upstream, console: Console, *, heartbeat_seconds: float
    ) -> None:
        journal = ConsoleJournal(camera_id, console)
        self._folder = TemporaryDirectory(prefix="edge-")
        self._outbox = Outbox(Path(self._folder.name) / "buffer.sqlite3", journal=journal)
        self._forwarder = Forwarder(
            self._outbox,
            upstream,
            patience=IMPATIENT,
            journal=journal,
            standing=Standing(journal),
            heartbeats=Heartbeats(),
        )
        self._intake = Intake(self._outbox, self._forwarder.heartbeats, camera_id)
        self._camera_id, self._heartbeat_seconds = camera_id, heartbeat_seconds
        self._brought, self._closed = Flag(), Flag()

    def put(self, lines: Sequence[str]) -> None:
        """Trouble on purpose is refused here, as an agent does."""
        if lines:
            self._brought.set()
            self._intake.take(decode("\n".join(lines).encode(), is_ndjson=True))

    def waiting(self) -> int:
        return self._outbox.waiting

    def run(self) -> None:
        sending = Thread(target=self._forwarder.run, daemon=True)
        sending.start()
        while not self._closed.wait(self._heartbeat_seconds):
            if not self._brought.is_set():
                self._intake.beat(self._camera_id)
            self._brought.clear()
        self._finish(sending)

    def close(self) -> None:
        self._closed.set()

    def _finish(self, sending: Thread) -> None:
        give_up_at = monotonic() + FAREWELL_SECONDS
        while self._outbox.waiting and monotonic() < give_up_at:
            Flag().wait(0.02)
        self._forwarder.stop()
        sending.join(FAREWELL_SECONDS)
        self._outbox.close()
        self._folder.cleanup()
