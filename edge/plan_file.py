"""Reads the plan of a shop floor from JSON; the format is described in edge/README.md."""

from __future__ import annotations

import json
from datetime import datetime, time, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from edge.plan import EVERY_DAY, Camera, ClockPeriod, Duty, Plan, PlanError
from edge.plan_check import check

CAMERA_FIELDS = {
    "camera_id",
    "key",
    "workstation_id",
    "rotation",
    "confidence_drift_per_hour",
    "confidence_sunk",
}
DUTY_FIELDS = {"worker_id", "start", "end", "breaks", "weekdays"}


def load_plans(path: Path, *, default_key: str = "") -> list[Plan]:
    """The plans in the file, one a site, checked; `default_key` serves cameras without a key."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise PlanError(f"cannot read the plan {path}: {error}") from error
    return [check(plan) for plan in parse_plans(document, default_key=default_key)]


def parse_plans(document: Any, *, default_key: str = "") -> list[Plan]:
    """As `parse_plan`, for a document that may hold several sites."""
    if not isinstance(document, dict) or "sites" not in document:
        return [parse_plan(document, default_key=default_key)]
    fields = _fields(document, "plan", {"sites"})
    sites = enumerate(_list(fields, "sites", "plan"))
    return [parse_plan(site, f"sites[{n}]", default_key=default_key) for n, site in sites]


def parse_plan(document: Any, place: str = "plan", *, default_key: str = "") -> Plan:
    """The plan that a JSON document describes; raises PlanError with the place that is wrong."""
    fields = _fields(document, place, {"site", "time_zone", "key", "cameras"})
    zone = zone_named(_text(fields, "time_zone", place))
    gateway = _text(fields, "key", place) if "key" in fields else ""
    listed = _list(fields, "cameras", place)
    inside = "" if place == "plan" else f"{place}."
    default_key = "" if gateway else default_key
    cameras = (
        _camera(item, f"{inside}cameras[{n}]", default_key) for n, item in enumerate(listed)
    )
    return Plan(zone, tuple(cameras), gateway)


def zone_named(name: str) -> tzinfo:
    """The time zone of that name; raises PlanError."""
    if name == "UTC":
        return timezone.utc  # needs no time zone data
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        advice = 'check the name, or install time zone data ("pip install tzdata")'
        raise PlanError(f'time zone "{name}" is not known on this machine: {advice}') from error


def _camera(item: Any, place: str, default_key: str) -> Camera:
    fields = _fields(item, place, CAMERA_FIELDS)
    duties = enumerate(_list(fields, "rotation", place))
    return Camera(
        camera_id=_text(fields, "camera_id", place),
        key=_text(fields, "key", place) if "key" in fields else default_key,
        workstation_id=_text(fields, "workstation_id", place),
        rotation=tuple(_duty(duty, f"{place}.rotation[{n}]") for n, duty in duties),
        confidence_drift_per_hour=_number(fields, "confidence_drift_per_hour", place),
        confidence_sunk=_number(fields, "confidence_sunk", place),
    )


def _duty(item: Any, place: str) -> Duty:
    fields = _fields(item, place, DUTY_FIELDS)
    breaks = enumerate(_list(fields, "breaks", place) if "breaks" in fields else [])
    return Duty(
        worker_id=_text(fields, "worker_id", place),
        hours=_clock_period(fields, place),
        breaks=tuple(_break(pause, f"{place}.breaks[{n}]") for n, pause in breaks),
        weekdays=_weekdays(fields, place),
    )


def _break(item: Any, place: str) -> ClockPeriod:
    return _clock_period(_fields(item, place, {"start", "end"}), place)


def _clock_period(fields: dict[str, Any], place: str) -> ClockPeriod:
    return ClockPeriod(_clock(fields, "start", place), _clock(fields, "end", place))


def _clock(fields: dict[str, Any], name: str, place: str) -> time:
    text = _text(fields, name, place)
    try:
        return datetime.strptime(text, "%H:%M").replace(tzinfo=timezone.utc).time()
    except ValueError as error:
        raise PlanError(f'{place}.{name}: "{text}" is not a local time such as 06:00') from error


def _weekdays(fields: dict[str, Any], place: str) -> frozenset[int]:
    if "weekdays" not in fields:
        return EVERY_DAY
    days = _list(fields, "weekdays", place)
    if not days or any(type(day) is not int or day not in EVERY_DAY for day in days):
        raise PlanError(f"{place}.weekdays: numbers from 1 (Monday) to 7 are expected")
    return frozenset(days)


def _fields(item: Any, place: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise PlanError(f"{place}: an object is expected")
    strange = sorted(set(item) - known)
    if strange:
        raise PlanError(f"{place}: unknown field {strange[0]}")
    return item


def _text(fields: dict[str, Any], name: str, place: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise PlanError(f"{place}.{name}: a text is expected")
    return value


def _list(fields: dict[str, Any], name: str, place: str) -> list[Any]:
    value = fields.get(name)
    if not isinstance(value, list):
        raise PlanError(f"{place}.{name}: a list is expected")
    return value


def _number(fields: dict[str, Any], name: str, place: str) -> float:
    value = fields.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PlanError(f"{place}.{name}: a number is expected")
    return float(value)
