"""What the OpenAPI page says about ingest.

The schema of an event comes from the very types that decode it.
"""

from typing import Any

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse

from events.domain.wire import WireEvent

_REF = "#/components/schemas/{name}"


def add_event_schemas(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """A drf-spectacular hook: adds the wire's types to the components."""
    _, components = msgspec.json.schema_components([WireEvent], ref_template=_REF)
    (schema,), _ = msgspec.json.schema_components([WireEvent], ref_template=_REF)
    result.setdefault("components", {}).setdefault("schemas", {}).update(
        {**components, "WireEvent": schema}
    )
    return result


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the page says that cameras send with a key."""

    target_class = "events.api_ingest.KeyAuthentication"
    name = "ingestKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "fk_…"}


_EVENT = {"$ref": "#/components/schemas/WireEvent"}
_EVENTS = {"type": "array", "items": _EVENT, "maxItems": 5000}
_ENVELOPE = {
    "type": "object",
    "required": ["events"],
    "properties": {"events": _EVENTS, "camera_id": {"type": "string"}},
}
_REFUSED = {
    "type": "object",
    "properties": {
        "index": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}
_RECEIPT = {
    "type": "object",
    "properties": {
        "received": {"type": "integer"},
        "accepted": {"type": "integer"},
        "duplicate": {"type": "integer"},
        "refused": {"type": "array", "items": _REFUSED},
    },
}
_QUEUED = {
    "type": "object",
    "properties": {
        "received": {"type": "integer"},
        "queued": {"type": "integer"},
        "refused": {"type": "array", "items": _REFUSED},
    },
}
_STATUS = {"type": "object", "properties": {"status": {"type": "string"}}}
_ERROR = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
}

INGEST: dict[str, Any] = {
    "operation_id": "events_ingest",
    "summary": "Send events",
    "description": 'One object, an array, `{"events": […]}` (empty: a heartbeat) or NDJSON; '
    "gzip allowed. At most 5,000 events and 5 MB. Authorization: Bearer <ingest key>.",
    "request": {
        "application/json": {"oneOf": [_EVENT, _EVENTS, _ENVELOPE]},
        "application/x-ndjson": {"type": "string"},
    },
    "responses": {
        200: OpenApiResponse(
            _RECEIPT, description="A batch, item by item; or one event seen before."
        ),
        201: OpenApiResponse(_STATUS, description="One event, stored."),
        202: OpenApiResponse(
            _QUEUED, description="With Kafka in front: every event is there, and stored soon."
        ),
        400: OpenApiResponse(
            _ERROR, description="Not JSON, or nested too deep. Nothing was stored."
        ),
        401: OpenApiResponse(_ERROR, description="No, unknown, revoked or expired key."),
        403: OpenApiResponse(
            _ERROR, description="One event that names another camera than the key's."
        ),
        413: OpenApiResponse(_ERROR, description="Too many events or bytes. Nothing was stored."),
        415: OpenApiResponse(_ERROR, description="Another media type or encoding."),
        422: OpenApiResponse(_ERROR, description="One event, refused and kept with its reason."),
        429: OpenApiResponse(
            _ERROR, description="Too many requests with this key; see Retry-After."
        ),
        503: OpenApiResponse(
            _ERROR,
            description="The database, or Kafka, is away or busy; see Retry-After. Send it again.",
        ),
        507: OpenApiResponse(
            _ERROR, description="The disk is full; see Retry-After. Nothing was stored."
        ),
    },
}

SNAPSHOT: dict[str, Any] = {
    "operation_id": "snapshots_create",
    "summary": "Send a picture",
    "description": "JPEG, PNG or WebP, at most 1 MB and 1,920 pixels on the longer side. It is"
    " encoded again, without any metadata. Name the answered id in `snapshot_id` of the event."
    " Authorization: Bearer <ingest key>.",
    "request": {
        "multipart/form-data": {
            "type": "object",
            "required": ["image"],
            "properties": {
                "image": {"type": "string", "format": "binary"},
                "camera_id": {
                    "type": "string",
                    "description": "Required with a gateway's key.",
                },
                "taken_at": {
                    "type": "string",
                    "format": "date-time",
                    "description": "When it was taken; default: now. The same picture of the same"
                    " moment is kept once.",
                },
            },
        }
    },
    "responses": {
        201: OpenApiResponse(
            {"type": "object", "properties": {"id": {"type": "string"}}}, description="Kept."
        ),
        400: OpenApiResponse(_ERROR, description="No form that can be read, or no picture in it."),
        401: OpenApiResponse(_ERROR, description="No, unknown, revoked or expired key."),
        403: OpenApiResponse(_ERROR, description="Another camera than the key's."),
        413: OpenApiResponse(_ERROR, description="Too many bytes or pixels."),
        415: OpenApiResponse(_ERROR, description="Not a form, or no JPEG, PNG or WebP."),
        422: OpenApiResponse(_ERROR, description="A broken picture, or an unknown camera."),
        429: OpenApiResponse(
            _ERROR, description="Too many requests with this key; see Retry-After."
        ),
        507: OpenApiResponse(_ERROR, description="The disk is full; see Retry-After."),
    },
}
