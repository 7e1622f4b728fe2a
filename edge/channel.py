"""The way of one camera's sightings: written down, then handed to an outlet in its own thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from threading import Thread

from edge.outlet import Outlet
from edge.sighting import Sighting
from edge.writer import Writer


class Channel:
    def __init__(self, writer: Writer, outlet: Outlet) -> None:
        self._writer = writer
        self._outlet = outlet
        self._thread = Thread(target=outlet.run, daemon=True)  # a hanging server holds nobody up

    def open(self) -> None:
        self._thread.start()

    def pass_on(self, sightings: Sequence[Sighting], *, now: datetime) -> None:
        lines = self._writer.write(sightings, now=now)
        if lines:
            self._outlet.put(lines)

    def close(self) -> None:
        """Hands over what was held back and lets the outlet finish."""
        self._outlet.put(self._writer.flush())
        self._outlet.close()

    def join(self, *, timeout: float) -> None:
        self._thread.join(timeout)

    def waiting(self) -> int:
        return self._outlet.waiting()
