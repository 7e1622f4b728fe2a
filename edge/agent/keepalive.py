"""Holds the states of a camera that speaks only of changes: says them again while it lives.

Restated events hold the timeline and count nowhere else (`restated: true`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Flag
from threading import Lock
from time import monotonic
from typing import Callable

from edge.agent.journal import Journal, utc_now
from edge.agent.outbox import Outbox, OutboxError
from edge.agent.shape import STATES, Event, event_of, instant_of, text_of

TICKS = 10  # looks in an interval
_SAID_AGAIN = ("worker_id", "workstation_id", "event_type", "camera_id", "model_version")


@dataclass
class Tracked:
    """A worker's newest state."""

    event: Event
    changed_at: datetime
    said_at: float  # by the clock that is never set


@dataclass
class Keepalive:
    """`heard` and `follow` from any thread; `run` in one of its own.

    What was not heard of for `feed_timeout` is forgotten: nobody knows what happened since. So is
    everything when the agent starts.
    """

    outbox: Outbox
    interval: float
    feed_timeout: float
    journal: Journal = field(default_factory=Journal)
    now: Callable[[], datetime] = utc_now
    clock: Callable[[], float] = monotonic
    _heard_at: dict[str, float] = field(default_factory=dict)
    _workers: dict[str, Tracked] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _stopped: Flag = field(default_factory=Flag)

    def heard(self, camera_id: str) -> None:
        """The camera's feed lives."""
        with self._lock:
            self._heard_at[camera_id] = self.clock()

    def follow(self, event: Event) -> None:
        """A worker's state, if it is one and none is newer."""
        if event.fields["event_type"] not in STATES:
            return
        changed_at = instant_of(event.fields["timestamp"])
        with self._lock:
            known = self._workers.get(event.fields["worker_id"])
            if known is None or known.changed_at <= changed_at:
                tracked = Tracked(event, changed_at, self.clock())
                self._workers[event.fields["worker_id"]] = tracked

    def run(self) -> None:
        """Until stopped."""
        while not self._stopped.wait(self.interval / TICKS):
            self.say_again()

    def stop(self) -> None:
        self._stopped.set()

    def say_again(self) -> None:
        """The states that were last said an interval ago."""
        now = self.now()
        due = [each for each in self._due() if each.changed_at < now]
        if not due:
            return
        try:
            self.outbox.put(*(_restated(each.event, now) for each in due))
        except OutboxError as error:
            self.journal.warning("keepalive_not_kept", reason=str(error))

    def tracked(self) -> int:
        """How many workers' states are held."""
        return len(self._workers)

    def _due(self) -> list[Tracked]:
        clock = self.clock()
        with self._lock:
            silent_since = clock - self.feed_timeout
            self._workers = {
                worker: each
                for worker, each in self._workers.items()
                if self._heard_at.get(each.event.camera_id, silent_since) > silent_since
            }
            due = [e for e in self._workers.values() if clock - e.said_at >= self.interval]
            for each in due:
                each.said_at = clock
        return due


def _restated(event: Event, now: datetime) -> Event:
    fields = {name: event.fields[name] for name in _SAID_AGAIN if name in event.fields}
    return event_of({"timestamp": text_of(now), **fields, "restated": True})
