"""Turns what Frigate publishes of the people it tracks into our events.

In a mapped zone a person works; one who keeps still works too, unless the zone says idle; one who
has left is absent. Who it is: the recognised face, else the zone's assignment, else `anon-ZONE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from edge.agent.frigate_map import FrigateMap, Watch, Zone
from edge.agent.shape import text_of

MAX_TRACKED = 1_000  # people at once; of more the longest unseen are forgotten
END = "end"


@dataclass
class Person:
    """Somebody whom Frigate tracks, as last seen."""

    camera: str
    zones: frozenset[str]
    is_still: bool
    confidence: float | None
    face: str
    seen_at: datetime
    seat: Seat | None = None


@dataclass(frozen=True)
class Seat:
    """Who is where."""

    worker_id: str
    workstation_id: str
    camera_id: str


@dataclass
class Said:
    """What was said last of somebody in a seat."""

    state: str
    at: datetime


@dataclass
class Frigate:
    """Used by one thread."""

    map: FrigateMap
    _people: dict[str, Person] = field(default_factory=dict)
    _said: dict[Seat, Said] = field(default_factory=dict)

    def events_of(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Of one message from `frigate/events`. Raises ValueError when it is none."""
        after = message.get("after")
        if not isinstance(after, Mapping) or not isinstance(after.get("id"), str):
            raise ValueError("Expected an object with `after` and its `id`")
        if after.get("label") != self.map.label or after.get("camera") not in self.map.watches:
            return []
        if after.get("false_positive"):
            return []
        person = _person(after, self._people.pop(after["id"], None))
        if message.get("type") == END:
            return list(self._left(person))
        self._people[after["id"]] = person
        while len(self._people) > MAX_TRACKED:
            del self._people[next(iter(self._people))]
        return list(self._seen(person))

    def events_of_face(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Of one message from `frigate/tracked_object_update`: whose face it is."""
        person = self._people.get(str(message.get("id")))
        if person is None or message.get("type") != "face" or not message.get("name"):
            return []
        person.face = str(message["name"])
        return list(self._seen(person))

    def living(self, stats: Mapping[str, Any]) -> list[str]:
        """The cameras of which Frigate gets pictures, by its `frigate/stats`."""
        cameras = stats.get("cameras", stats)
        if not isinstance(cameras, Mapping):
            return []
        return [
            watch.camera_id
            for name, watch in self.map.watches.items()
            if isinstance(cameras.get(name), Mapping) and _number(cameras[name].get("camera_fps"))
        ]

    def lost(self) -> None:
        """Frigate is gone: nobody is known to be anywhere, or to have left."""
        self._people.clear()
        self._said.clear()

    def _seen(self, person: Person) -> Iterator[dict[str, Any]]:
        watch = self.map.watches[person.camera]
        zone = next((each for each in watch.zones if each.name in person.zones), None)
        seat = None if zone is None else self._seat(person, watch, zone)
        if person.seat not in (None, seat):
            yield from self._left(person, moves_to=seat)
        person.seat = seat
        if zone is not None and seat is not None:
            yield from self._says(person, seat, zone)

    def _seat(self, person: Person, watch: Watch, zone: Zone) -> Seat:
        local = person.seen_at.astimezone(watch.zone_of_time)
        worker_id = self.map.faces.get(person.face) or zone.assigned(local)
        return Seat(worker_id, zone.workstation_id, watch.camera_id)

    def _left(self, person: Person, moves_to: Seat | None = None) -> Iterator[dict[str, Any]]:
        """Absent where last seen; not so who is elsewhere now, or whose seat somebody else has."""
        seat, person.seat = person.seat, None
        if seat is None or any(each.seat == seat for each in self._people.values()):
            return
        self._said.pop(seat, None)
        seats = [moves_to, *(each.seat for each in self._people.values())]
        if not any(each and each.worker_id == seat.worker_id for each in seats):
            yield _event(seat, "absent", person.seen_at)

    def _says(self, person: Person, seat: Seat, zone: Zone) -> Iterator[dict[str, Any]]:
        """Changes at once; the same again no more often than every few seconds."""
        there = [each for each in self._people.values() if each.seat == seat]
        state = zone.stationary if all(each.is_still for each in there) else "working"
        said = self._said.get(seat)
        if said is not None and said.state == state:
            since = (person.seen_at - said.at).total_seconds()
            if 0 <= since < self.map.every_seconds:
                return
        self._said[seat] = Said(state, person.seen_at)
        event = _event(seat, state, person.seen_at)
        yield event if person.confidence is None else {**event, "confidence": person.confidence}


def _event(seat: Seat, state: str, at: datetime) -> dict[str, Any]:
    return {
        "timestamp": text_of(at),
        "worker_id": seat.worker_id,
        "workstation_id": seat.workstation_id,
        "event_type": state,
        "camera_id": seat.camera_id,
    }


def _person(after: Mapping[str, Any], before: Person | None) -> Person:
    """A face once recognised stays: later messages need not name it."""
    zones = after.get("current_zones")
    score = _number(after.get("score")) or _number(after.get("top_score"))
    seen = Person(
        camera=str(after["camera"]),
        zones=frozenset(map(str, zones)) if isinstance(zones, list) else frozenset(),
        is_still=after.get("stationary") is True,
        confidence=round(score, 4) if 0 < score <= 1 else None,
        face=_face(after.get("sub_label")),
        seen_at=_moment(after.get("end_time") or after.get("frame_time")),
    )
    if before is not None:
        seen.seat, seen.face = before.seat, seen.face or before.face
    return seen


def _face(sub_label: Any) -> str:
    """A name, or a name and how sure Frigate is of it."""
    if isinstance(sub_label, list) and sub_label:
        sub_label = sub_label[0]
    return sub_label if isinstance(sub_label, str) else ""


def _moment(seconds: Any) -> datetime:
    number = _number(seconds)
    if not 0 < number < 7e9:
        raise ValueError("Expected `frame_time` in seconds since 1970")
    return datetime.fromtimestamp(int(number * 1000) / 1000, timezone.utc)


def _number(value: Any) -> float:
    """0 for what is none."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else 0.0
