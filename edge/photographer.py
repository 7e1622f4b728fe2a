"""Takes pictures of some of the events that a camera sends, so that people can look again.

Which ones is left to chance alone: reviews of events that a model was unsure of would tell nothing
about the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone, tzinfo
from random import Random
from typing import Any, Callable

from edge.answer import Answer
from edge.link import SNAPSHOTS_PATH, Link
from edge.scene import Scene, draw
from edge.sighting import ABSENT, IDLE, PRODUCT_COUNT, WORKING
from edge.wire import picture_body

STATES = (WORKING, IDLE, ABSENT)
UNWANTED = {403, 404, 405}  # this server takes no pictures, and will take none later


@dataclass
class Photographer:
    """`sunk_at` tells how much less sure the camera's model is by then."""

    link: Link
    sunk_at: Callable[[datetime], float]
    share: float
    zone: tzinfo = timezone.utc  # of the clock that stands in the picture
    dice: Random = field(default_factory=Random)
    _is_wanted: bool = True

    def add_pictures(self, lines: Sequence[str]) -> list[str]:
        """The same lines; those that were chosen name the picture that the server has now.

        Without an answer the rest goes without pictures: events matter more.
        """
        added = list(lines)
        for place, line in enumerate(lines):
            if not self._is_wanted or self.dice.random() >= self.share:
                continue
            event = _event(line)
            if event is None:
                continue
            answer = self._upload(event)
            if "id" not in answer.receipt:
                self._is_wanted = answer.status not in UNWANTED
                break
            event["snapshot_id"] = str(answer.receipt["id"])
            added[place] = json.dumps(event, separators=(",", ":"))
        return added

    def _upload(self, event: dict[str, Any]) -> Answer:
        sunk = self.sunk_at(moment_of(event))
        picture = draw(scene_of(event, self.dice, sunk=sunk, zone=self.zone), self.dice)
        fields = {"camera_id": event["camera_id"], "taken_at": event["timestamp"]}
        return self.link.post(picture_body(picture, fields), path=SNAPSHOTS_PATH)


def scene_of(event: dict[str, Any], dice: Random, *, sunk: float, zone: tzinfo) -> Scene:
    """What a picture of an event shows; the clock in it is that of the zone."""
    return Scene(
        camera_id=event["camera_id"],
        workstation_id=event["workstation_id"],
        worker_id=event["worker_id"],
        shows=truth_of(event["event_type"], event["confidence"], dice),
        taken_at=f"{moment_of(event).astimezone(zone):%Y-%m-%d %H:%M:%S}",
        sunk=sunk,
    )


def moment_of(event: dict[str, Any]) -> datetime:
    """When it was seen; raises ValueError."""
    return datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00"))


def truth_of(event_type: str, confidence: float, dice: Random) -> str:
    """What really goes on: of events with a confidence of .9, a tenth is wrong."""
    if dice.random() < confidence:
        return event_type
    if event_type == PRODUCT_COUNT:
        return WORKING  # nothing was finished
    return dice.choice([state for state in STATES if state != event_type])


def _event(line: str) -> dict[str, Any] | None:
    """None where a picture makes no sense: the line is trouble on purpose."""
    try:
        event = json.loads(line)
        moment_of(event)
    except ValueError:
        return None
    known = event.get("event_type") in (*STATES, PRODUCT_COUNT)
    return event if known and 0 <= event.get("confidence", -1) <= 1 else None
