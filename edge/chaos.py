"""Trouble on purpose: late, doubled, shuffled, doubtful and malformed events among good ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from edge.roster import Roster
from edge.sighting import Sighting
from edge.wire import line, wire_event

SHARE = 0.04  # of events, for each kind of trouble
LATE_SECONDS = (30.0, 2 * 3600.0)
LONGEST_HOLD_SECONDS = 12.0  # a shuffled batch gathers this long at most: states outlive it
MALFORMED: tuple[dict[str, Any], ...] = (
    {"worker_id": "nobody"},
    {"timestamp": "yesterday at noon"},
    {"event_type": "product_count", "count": -3},
    {"confidence": 1.5},
)
NOT_JSON = '{"timestamp": "2026-01-15T10:'


class ChaosWriter:
    """A Writer for one camera whose lines come out stirred."""

    def __init__(self, dice: Random, rosters: Mapping[str, Roster]) -> None:
        self._dice = dice
        self._rosters = rosters
        self._held: list[str] = []
        self._again: list[str] = []  # doubles that travel one batch later
        self._release_at: datetime | None = None  # the first batch leaves at once

    def write(self, sightings: Sequence[Sighting], *, now: datetime) -> list[str]:
        """The lines to send now, shuffled; nothing while a batch gathers."""
        for sighting in sightings:
            self._hold(sighting)
        if not self._held or (self._release_at is not None and now < self._release_at):
            return []
        self._release_at = now + timedelta(seconds=self._dice.uniform(0, LONGEST_HOLD_SECONDS))
        return self._release()

    def flush(self) -> list[str]:
        """All lines that are still held back."""
        return [*self._release(), *self._release()]

    def _release(self) -> list[str]:
        lines, self._held, self._again = self._held, self._again, []
        self._dice.shuffle(lines)
        return lines

    def _hold(self, sighting: Sighting) -> None:
        event = wire_event(sighting)
        if self._happens():
            event["confidence"] = round(self._dice.uniform(0.15, 0.58), 3)
        self._held.append(line(event))
        if self._happens():
            self._dice.choice([self._held, self._again]).append(line(event))
        if self._happens():
            self._held.append(self._malformed(event))
        if self._happens():
            self._held.extend(self._late(sighting))

    def _happens(self) -> bool:
        return self._dice.random() < SHARE

    def _malformed(self, event: dict[str, Any]) -> str:
        wrong = self._dice.choice([*MALFORMED, None])
        return NOT_JSON if wrong is None else line({**event, **wrong})

    def _late(self, sighting: Sighting) -> list[str]:
        """The same sighting, long ago, if the worker's post was here then too."""
        late_by = timedelta(milliseconds=int(self._dice.uniform(*LATE_SECONDS) * 1000))
        seen_at = sighting.seen_at - late_by
        post = self._rosters[sighting.worker_id].post_at(seen_at)
        if post is None or post.on_break or post.camera.camera_id != sighting.camera_id:
            return []
        return [line(wire_event(replace(sighting, seen_at=seen_at)))]
