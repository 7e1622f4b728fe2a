"""What every way in has in common: check the items, keep the good ones, answer for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, Callable

from edge.agent.body import Broken, Message
from edge.agent.heartbeats import Heartbeats
from edge.agent.journal import utc_now
from edge.agent.keepalive import Keepalive
from edge.agent.outbox import Outbox
from edge.agent.shape import Checked, Event, Refusal, check


@dataclass
class Intake:
    """`camera_id` is the camera of messages that name none."""

    outbox: Outbox
    heartbeats: Heartbeats
    camera_id: str | None = None
    keepalive: Keepalive | None = None
    clock: Callable[[], datetime] = utc_now
    _heard_at: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(
        self,
        message: Message,
        *,
        at: datetime | None = None,
        read_to: tuple[str, int] | None = None,
    ) -> dict[int, Refusal]:
        """Why which items are refused; the others are durable. Raises OutboxError: none is kept.

        `at` is the time of items without one; `read_to` how far the file is read that they are of.
        """
        checked = self._check(message, at or self.clock())
        events = [each for each in checked if isinstance(each, Event)]
        if events or read_to is not None:
            self.outbox.put(*events, read_to=read_to)
        self._note(events)
        if not message.items:
            self.beat(message.camera_id or self.camera_id or "")
        return {n: each for n, each in enumerate(checked) if isinstance(each, Refusal)}

    def beat(self, camera_id: str) -> None:
        """A heartbeat of the camera."""
        self._hear({camera_id})
        self.heartbeats.note(camera_id)
        self.outbox.arrived.set()

    def heard(self) -> dict[str, float]:
        """Seconds since each camera was heard."""
        now = monotonic()
        with self._lock:
            return {camera: round(now - at, 1) for camera, at in sorted(self._heard_at.items())}

    def _check(self, message: Message, at: datetime) -> list[Checked]:
        camera_id = message.camera_id or self.camera_id
        return [_checked(item, camera_id, at) for item in message.items]

    def _note(self, events: Sequence[Event]) -> None:
        self._hear({event.camera_id for event in events})
        if self.keepalive is not None:
            for event in events:
                self.keepalive.follow(event)

    def _hear(self, cameras: set[str]) -> None:
        with self._lock:
            self._heard_at.update(dict.fromkeys(cameras, monotonic()))
        if self.keepalive is not None:
            for camera_id in cameras:
                self.keepalive.heard(camera_id)


def _checked(item: Any, camera_id: str | None, at: datetime) -> Checked:
    if isinstance(item, Broken):
        return Refusal(str(item))
    return check(item, camera_id=camera_id, now=at)
