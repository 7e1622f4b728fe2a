"""What a message's value looks like, as JSON Schema, from the very types that decode it."""

from typing import Any

import msgspec

from events.domain.wire import WireEvent

_APPENDED = {
    "site": {
        "type": "string",
        "description": "The site's code; where given, the same as the message's key.",
    },
    "received_at": {
        "type": "string",
        "format": "date-time",
        "description": "When a server took it, RFC 3339; else Kafka's own time of the message.",
    },
}


def message_schema() -> dict[str, Any]:
    """Of an event; `camera_id` is required, since no key says whose it is."""
    (schema,), kinds = msgspec.json.schema_components([WireEvent], ref_template="#/$defs/{name}")
    for kind in kinds.values():
        kind["properties"] |= _APPENDED
        kind["properties"]["camera_id"] = kind["properties"]["camera_id"]["anyOf"][0]
        kind["required"] = [*kind["required"], "camera_id"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Value of a message in the topic of events, header v = 1",
        **schema,
        "$defs": kinds,
    }
