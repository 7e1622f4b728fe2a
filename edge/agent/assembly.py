"""Puts an agent together from what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Protocol

from edge.agent.buffer import Room
from edge.agent.forwarder import Forwarder
from edge.agent.frigate import Frigate
from edge.agent.frigate_map import frigate_map
from edge.agent.health import Health
from edge.agent.heartbeats import Heartbeats
from edge.agent.intake import Intake
from edge.agent.journal import Journal, utc_now
from edge.agent.keepalive import Keepalive
from edge.agent.mqtt import MqttInput, broker_of
from edge.agent.outbox import Outbox
from edge.agent.server import AgentServer
from edge.agent.settings import Told
from edge.agent.spool import Spool
from edge.agent.standing import Standing
from edge.agent.upstream import Upstream
from edge.patience import Patience

STOP_SECONDS = 0.1  # the server looks so often whether it is to stop
FAREWELL_SECONDS = 2.0  # a batch that is on its way has this long to be answered


class Part(Protocol):
    """Something that goes on in a thread of its own."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Agent:
    """Runs from `start` to `stop`."""

    outbox: Outbox
    server: AgentServer
    parts: list[Part]
    journal: Journal
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        runs = [lambda: self.server.serve_forever(STOP_SECONDS)]
        runs += [part.run for part in self.parts]
        self._threads = [Thread(target=run, daemon=True) for run in runs]
        for thread in self._threads:
            thread.start()
        self.journal.info("started", port=self.server.port, waiting=self.outbox.waiting)

    def stop(self) -> None:
        """What waits is safe in the buffer."""
        self.server.shutdown()
        self.server.server_close()
        for part in self.parts:
            part.stop()
        for thread in self._threads:
            thread.join(FAREWELL_SECONDS)
        self.journal.info("stopped", waiting=self.outbox.waiting)
        self.outbox.close()


def assembled(told: Told, journal: Journal) -> Agent:
    """Raises ValueError, UnusableError or OSError when it can't be; the text says why."""
    upstream = Upstream(told.url, told.key, timeout=told.timeout, ca_file=told.ca_file)
    room = Room(told.max_size, told.when_full, told.max_refused)
    outbox = Outbox(told.buffer, room=room, journal=journal)
    try:
        forwarder = _forwarder(told, outbox, upstream, journal)
        keepalive = _keepalive(told, outbox, journal)
        intake = Intake(outbox, forwarder.heartbeats, told.camera, keepalive)
        others = (keepalive, _spool(told, intake, journal), _mqtt(told, intake, journal))
        health = Health(outbox, forwarder, intake, utc_now())
        server = AgentServer(told.listen, intake, health=health, key=told.local_key)
    except BaseException:
        outbox.close()
        raise
    return Agent(outbox, server, [forwarder, *_some(others)], journal)


def _some(parts: tuple[Part | None, ...]) -> Iterator[Part]:
    return (part for part in parts if part is not None)


def _forwarder(told: Told, outbox: Outbox, upstream: Upstream, journal: Journal) -> Forwarder:
    return Forwarder(
        outbox,
        upstream,
        batch=told.batch,
        live_share=told.live_share,
        live_batch=told.live_batch,
        patience=Patience(told.retry_first, told.retry_longest, told.retry_blocked),
        journal=journal,
        standing=Standing(journal),
        heartbeats=Heartbeats(),
    )


def _keepalive(told: Told, outbox: Outbox, journal: Journal) -> Keepalive | None:
    if told.interval is None:
        return None
    return Keepalive(outbox, told.interval, told.feed_timeout, journal)


def _spool(told: Told, intake: Intake, journal: Journal) -> Spool | None:
    if told.spool is None:
        return None
    spool = Spool(told.spool, intake, journal)
    spool.prepare()
    return spool


def _mqtt(told: Told, intake: Intake, journal: Journal) -> MqttInput | None:
    if not told.mqtt:
        return None
    found = frigate_map(told.file)
    frigate = None if found is None else Frigate(found)
    return MqttInput(broker_of(told.mqtt), told.mqtt_topic, intake, frigate, journal)
