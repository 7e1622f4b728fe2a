"""The format of Kafka's messages: bytes and headers ↔ an item with who sent it and when.

One item is one message; its key is the site's code. An event travels as it was sent, with what the
server knows of it appended; what was refused travels untouched, with that in headers beside it.
"""

from typing import NamedTuple

import msgspec

from common.instants import to_datetime

VERSION = b"1"
EVENT, HEARTBEAT, REFUSED = b"event", b"heartbeat", b"refused"  # in the header `kind`
MAX_BYTES = 900_000  # of a message: leaves room for headers under Kafka's usual limit of 1 MB
KEPT_BYTES = 8_193  # of what is larger: by one more than is kept of it, so that it shows as cut

Headers = list[tuple[str, str | bytes | None]]  # as the library has them; we give bytes


class Outgoing(NamedTuple):
    """A message to be sent."""

    key: bytes
    value: bytes
    headers: Headers


class Delivered(NamedTuple):
    """A message as it came; its timestamp is Kafka's own, in milliseconds."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers | None


def rfc3339(instant: int) -> str:
    """UTC with three digits after the second: always of one length."""
    return to_datetime(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def suffix_of(site_code: str, received_at: str, camera_code: str = "") -> bytes:
    """What is appended to an event, with its closing brace."""
    camera = b',"camera_id":%b' % msgspec.json.encode(camera_code) if camera_code else b""
    return b',"site":%b,"received_at":"%b"%b}' % (
        msgspec.json.encode(site_code),
        received_at.encode(),
        camera,
    )
