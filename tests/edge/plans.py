"""Plans of shop floors for tests, as the JSON documents that describe them."""

from typing import Any

from edge.plan import Plan
from edge.plan_check import check
from edge.plan_file import parse_plan

Document = dict[str, Any]


def duty(worker_id: str, start: str, end: str, **more: Any) -> Document:
    return {"worker_id": worker_id, "start": start, "end": end, **more}


def pause(start: str, end: str) -> Document:
    return {"start": start, "end": end}


def camera(number: int, *rotation: Document, **more: Any) -> Document:
    return {
        "camera_id": f"CAM-{number}",
        "key": "secret",
        "workstation_id": f"S{number}",
        "rotation": list(rotation),
        **more,
    }


def document_of(*cameras: Document, time_zone: str = "UTC") -> Document:
    return {"time_zone": time_zone, "cameras": list(cameras)}


def plan_of(*cameras: Document, time_zone: str = "UTC") -> Plan:
    return check(parse_plan(document_of(*cameras, time_zone=time_zone)))


def two_shifts(*, time_zone: str = "UTC") -> Plan:
    """Six workstations, day and night, every day; W1 to W6 by day, W7 to W12 by night."""
    cameras = (
        camera(
            number,
            duty(f"W{number}", "06:00", "18:00", breaks=[pause("10:00", "10:15")]),
            duty(f"W{number + 6}", "18:00", "06:00", breaks=[pause("23:50", "00:20")]),
        )
        for number in range(1, 7)
    )
    return plan_of(*cameras, time_zone=time_zone)
