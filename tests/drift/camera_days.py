"""What a camera reports on working days, with confidences around a mean; always the same."""

from collections.abc import Callable
from io import StringIO
from random import Random
from typing import Any

from django.core.management import call_command

from common.instants import to_ms, to_rfc3339
from drift.models import Alert, Resolution
from tests.floor import HOUR, MINUTE, Floor, Json, at, ms

WORKS = range(6, 18)  # hours of the day in which there is something to see
PER_HOUR = 16  # enough for both channels
DAYS = 9  # before the day on which things happen: a full reference, and some calm
EVENTS_IN_POST = 4_000

MeanAt = Callable[[int], float]


def steady(_: int) -> float:
    return 0.93


def falls(when: str, to: float = 0.8, *, day: int = 0, until: int = 2**62) -> MeanAt:
    """From 0.93 to less, for a while."""
    return lambda instant: to if ms(when, day=day) <= instant < until else 0.93


def reports(
    mean: MeanAt = steady,
    *,
    start: int | None = None,
    until: str = "18:00",
    day: int = 0,
    camera: str = "C1",
    per_hour: int = PER_HOUR,
    sd: MeanAt = lambda _: 0.04,
    **more: Any,
) -> list[Json]:
    """In order of time; from nine days before, until a time of a day."""
    event = {"worker_id": "W1", "workstation_id": "S1", "event_type": "working", **more}
    dice = Random(f"{camera} {event}")
    found = []
    for hour in range(ms("00:00", day=-DAYS) if start is None else start, ms(until, day=day), HOUR):
        by_itself = dice.gauss(0, 0.003)
        for number in range(per_hour if hour // HOUR % 24 in WORKS else 0):
            instant = hour + number * 60 * MINUTE // per_hour
            confidence = mean(instant) + by_itself + dice.gauss(0, sd(instant))
            found.append(
                event
                | {
                    "timestamp": to_rfc3339(instant),
                    "confidence": round(min(max(confidence, 0), 1), 4),
                    "camera_id": camera,
                }
            )
    return found


def send(floor: Floor, events: list[Json]) -> None:
    """Each must be new."""
    for first in range(0, len(events), EVENTS_IN_POST):
        floor.put(*events[first : first + EVENTS_IN_POST], key=floor.gateway)


def check(until: str = "18:00", *, day: int = 0) -> str:
    """`manage.py check_drift` up to a time of a day."""
    out = StringIO()
    call_command("check_drift", "--until", at(until, day=day), stdout=out)
    return out.getvalue()


def the_alert() -> Alert:
    """Of drift, the only one."""
    return Alert.objects.get(is_live=False)


def found() -> list[tuple[Any, ...]]:
    """What the law of order speaks of: of every alert that was not withdrawn."""
    rows = Alert.objects.filter(is_live=False).exclude(resolution=Resolution.WITHDRAWN)
    return sorted(
        (
            alert.camera.code,
            alert.model_version,
            to_ms(alert.onset_at),
            to_ms(alert.detected_at),
            tuple(alert.reasons),
            repr(alert.segments),
            alert.severity,
            alert.status,
            alert.resolution,
            alert.resolved_at and to_ms(alert.resolved_at),
        )
        for alert in rows.select_related("camera")
    )
