"""Lets the floor run in real time: each tick, what was seen goes to the channels of the cameras."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timezone

from edge.channel import Channel
from edge.floor import Floor
from edge.sighting import Sighting

TICK_SECONDS = 0.2
PROGRESS_SECONDS = 10.0
FAREWELL_SECONDS = 1.0  # what is left when the run ends has this long to be sent


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Simulation:
    """One run; `show_progress` is called every ten seconds."""

    def __init__(
        self,
        floor: Floor,
        channels: Mapping[str, Channel],
        *,
        show_progress: Callable[[], None],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._floor = floor
        self._channels = channels
        self._show_progress = show_progress
        self._clock = clock
        self._is_stopped = False

    def stop(self) -> None:
        """Ends the run within a tick and its farewell; may be called by a signal handler."""
        self._is_stopped = True

    def run(self, *, seconds: float | None) -> None:
        """Runs for that time, or until stopped."""
        for channel in self._all():
            channel.open()
        began_at = told_at = time.monotonic()
        while not self._is_stopped and (seconds is None or time.monotonic() < began_at + seconds):
            self._tick(self._clock())
            if time.monotonic() >= told_at + PROGRESS_SECONDS:
                told_at = time.monotonic()
                self._show_progress()
            time.sleep(TICK_SECONDS)
        self._end()

    def waiting(self) -> int:
        """Lines that nobody has answered for yet."""
        return sum(channel.waiting() for channel in self._all())

    def _all(self) -> Collection[Channel]:
        """Each once: cameras of a gateway share one."""
        return dict.fromkeys(self._channels.values())

    def _tick(self, now: datetime) -> None:
        seen: defaultdict[Channel, list[Sighting]] = defaultdict(list)
        for sighting in self._floor.advance(now):
            seen[self._channels[sighting.camera_id]].append(sighting)
        for channel in self._all():
            channel.pass_on(seen[channel], now=now)

    def _end(self) -> None:
        for channel in self._all():
            channel.close()
        give_up_at = time.monotonic() + FAREWELL_SECONDS
        for channel in self._all():
            channel.join(timeout=max(give_up_at - time.monotonic(), 0))
