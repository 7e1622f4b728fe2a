"""The wire format of the ingest API: sightings become JSON, lines become request bodies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from edge.sighting import PRODUCT_COUNT, Sighting

Encode = Callable[[str, Sequence[str]], "Body"]


@dataclass(frozen=True)
class Body:
    """One request's content, and how many events it carries."""

    content: bytes
    content_type: str
    events: int


def wire_event(sighting: Sighting) -> dict[str, Any]:
    event = {
        "timestamp": timestamp(sighting.seen_at),
        "worker_id": sighting.worker_id,
        "workstation_id": sighting.workstation_id,
        "event_type": sighting.event_type,
        "confidence": sighting.confidence,
        "camera_id": sighting.camera_id,
    }
    return {**event, "count": 1} if sighting.event_type == PRODUCT_COUNT else event


def picture_body(png: bytes, fields: Mapping[str, str]) -> Body:
    """A form with one picture and what belongs to it."""
    boundary = uuid4().hex
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode()
        for name, text in fields.items()
    ]
    file = 'Content-Disposition: form-data; name="image"; filename="snapshot.png"\r\n'
    parts.append(f"{file}Content-Type: image/png\r\n\r\n".encode() + png)
    content = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts)
    content += f"--{boundary}--\r\n".encode()
    return Body(content, f"multipart/form-data; boundary={boundary}", 0)


def line(event: dict[str, Any]) -> str:
    return json.dumps(event, separators=(",", ":"))


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: 2026-01-15T10:15:00.000Z."""
    utc = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return utc.replace("+00:00", "Z")


def as_json(camera_id: str, lines: Sequence[str]) -> Body:
    """One JSON object around all lines; without lines it is a heartbeat."""
    text = f'{{"camera_id":{json.dumps(camera_id)},"events":[{",".join(lines)}]}}'
    return Body(text.encode(), "application/json", len(lines))


def as_gateway_json(gateway: str, lines: Sequence[str]) -> Body:
    """As above; each line names its camera."""
    return Body(f'{{"events":[{",".join(lines)}]}}'.encode(), "application/json", len(lines))


def as_ndjson(camera_id: str, lines: Sequence[str]) -> Body:
    """One line per event, so that a line which is not JSON spoils no other."""
    if not lines:
        return as_json(camera_id, lines)
    return Body("".join(f"{one}\n" for one in lines).encode(), "application/x-ndjson", len(lines))
