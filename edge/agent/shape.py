"""What an event must look like, as the ingest API wants it; checked before the event is kept.

A cleaned event holds only fields that the API knows, so that no item spoils a batch on its way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Union

STATES = ("working", "idle", "absent")
PRODUCT_COUNT = "product_count"
EVENT_TYPES = (*STATES, PRODUCT_COUNT)
LONGEST_CODE = 64
LARGEST_COUNT = 100_000
LARGEST_SEQ = 2**53 - 1  # what every JSON reader keeps exactly

_RFC3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ]((?:[01]\d|2[0-3]):\d{2}:\d{2})(\.\d+)?"
    r"(?:([Zz])|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_END = datetime(2200, 1, 1, tzinfo=timezone.utc)
_REQUIRED_CODES = ("worker_id", "workstation_id")


@dataclass(frozen=True)
class Event:
    """An event that may be kept: `text` is its JSON, an object with at least one field."""

    fields: Mapping[str, Any]
    text: str

    @property
    def camera_id(self) -> str:
        """Empty where nobody named one: the server knows it by the key."""
        return str(self.fields.get("camera_id", ""))

    @property
    def is_numbered(self) -> bool:
        """Whether the sender counts its events itself."""
        return "seq" in self.fields


@dataclass(frozen=True)
class Refusal:
    """Why an item is not kept."""

    detail: str
    code: str = "invalid"


Checked = Union[Event, Refusal]


def check(item: Any, *, camera_id: str | None = None, now: datetime) -> Checked:
    """The event that the item states, stamped with `now` where it has no time of its own.

    `camera_id` is the camera of an item that names none.
    """
    if not isinstance(item, dict):
        return Refusal("Expected an object")
    try:
        fields = _fields(item)
    except ShapeError as error:
        return Refusal(str(error))
    if camera_id is not None:
        fields.setdefault("camera_id", camera_id)
    return event_of({"timestamp": text_of(now), **fields})


def event_of(fields: Mapping[str, Any]) -> Event:
    """An event of fields that are known to be right."""
    return Event(fields, json.dumps(fields, separators=(",", ":")))


def text_of(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    utc = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return utc.replace("+00:00", "Z")


def instant_of(timestamp: str) -> datetime:
    """The instant of an RFC 3339 time. Raises ShapeError."""
    match = _RFC3339.fullmatch(timestamp)
    if match is None or len(timestamp) > LONGEST_CODE:
        raise ShapeError(_NO_TIME)
    day, clock, fraction, _, sign, hours, minutes = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}+00:00")
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        utc = moment + offset if sign == "-" else moment - offset
    except (ValueError, OverflowError) as error:
        raise ShapeError(_NO_TIME) from error
    if not _EPOCH <= utc < _END:
        raise ShapeError(_NO_TIME)
    return utc + timedelta(milliseconds=int((fraction or ".0")[1:4].ljust(3, "0")))


_NO_TIME = "Expected an RFC 3339 time with offset, 1970 to 2199 - at `$.timestamp`"


class ShapeError(ValueError):
    """Says what is wrong with a field, and which one it is."""


def _fields(item: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if item.get("timestamp") is not None:
        fields["timestamp"] = _timestamp(item["timestamp"])
    for name in _REQUIRED_CODES:
        fields[name] = _code(item.get(name), name)
    fields["event_type"] = _event_type(item.get("event_type"))
    if fields["event_type"] == PRODUCT_COUNT and item.get("count") is not None:
        fields["count"] = _whole(item["count"], "count", LARGEST_COUNT)
    for name, read in _OPTIONAL.items():
        if item.get(name) is not None:
            fields[name] = read(item[name], name)
    return fields


def _timestamp(value: Any) -> str:
    if not isinstance(value, str):
        raise ShapeError(_NO_TIME)
    instant_of(value)
    return value


def _code(value: Any, name: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_CODE:
        raise ShapeError(f"Expected 1 to {LONGEST_CODE} characters - at `$.{name}`")
    if "\0" in value:
        raise ShapeError(f"A NUL character - at `$.{name}`")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ShapeError(f"Not UTF-8 - at `$.{name}`") from error
    return value


def _event_type(value: Any) -> str:
    if value not in EVENT_TYPES:
        raise ShapeError(f"Expected one of {', '.join(EVENT_TYPES)} - at `$.event_type`")
    return str(value)


def _share(value: Any, name: str) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1:
        raise ShapeError(f"Expected a number from 0 to 1 - at `$.{name}`")
    return float(value)


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ShapeError(f"Expected true or false - at `$.{name}`")
    return value


def _number(value: Any, name: str) -> int:
    return _whole(value, name, LARGEST_SEQ)


def _whole(value: Any, name: str, largest: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
        raise ShapeError(f"Expected a whole number from 0 to {largest} - at `$.{name}`")
    return value


_OPTIONAL: Mapping[str, Callable[[Any, str], Any]] = {
    "confidence": _share,
    "restated": _flag,
    "camera_id": _code,
    "model_version": _code,
    "snapshot_id": _code,
    "seq": _number,
    "seq_run": _code,
}
