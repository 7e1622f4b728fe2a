"""Turns the sightings of a camera into the lines that it sends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from edge.sighting import Sighting
from edge.wire import line, wire_event


class Writer(Protocol):
    def write(self, sightings: Sequence[Sighting], *, now: datetime) -> list[str]:
        """The lines to send now."""

    def flush(self) -> list[str]:
        """The lines that were held back."""


class PlainWriter:
    """Every sighting as it is, at once."""

    def write(self, sightings: Sequence[Sighting], *, now: datetime) -> list[str]:
        return [line(wire_event(sighting)) for sighting in sightings]

    def flush(self) -> list[str]:
        return []
