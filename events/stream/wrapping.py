"""Makes messages of what the API has judged."""

from events.domain.judgement import Sender
from events.domain.wire import WireEvent
from events.stream.messages import (
    HEARTBEAT,
    KEPT_BYTES,
    REFUSED,
    VERSION,
    Headers,
    Outgoing,
    rfc3339,
    suffix_of,
)


class Wrapper:
    """Makes the messages of one request."""

    def __init__(self, site_code: str, sender: Sender, received_at: int) -> None:
        self._key = site_code.encode()
        self._sender = sender
        self._received_at = rfc3339(received_at)
        self._suffix = suffix_of(site_code, self._received_at)
        code = sender.default_code or sender.camera_code or ""
        self._suffix_with_camera = suffix_of(site_code, self._received_at, code)

    def event(self, raw: bytes, event: WireEvent) -> Outgoing:
        """An event that is to be stored."""
        suffix = self._suffix if event.camera_id else self._suffix_with_camera
        end = raw.rindex(b"}")
        value = b"%b%b%b" % (raw[:end], suffix, raw[end + 1 :])
        return Outgoing(self._key, value, _EVENT_HEADERS)

    def refused(self, raw: bytes) -> Outgoing:
        """An item that was refused, to be kept: judged again, it is refused for the same reason."""
        return Outgoing(self._key, raw, [_VERSION, ("kind", REFUSED), *self._known()])

    def too_large(self, raw: bytes, reason: str) -> Outgoing:
        """The begin of an item that no message can hold."""
        reason_header = ("reason", reason.encode())
        headers = [_VERSION, ("kind", REFUSED), reason_header, *self._known()]
        return Outgoing(self._key, raw[:KEPT_BYTES], headers)

    def heartbeat(self) -> Outgoing:
        """That the sender's camera lives."""
        value = b'{"events":[]' + self._suffix_with_camera
        return Outgoing(self._key, value, [_VERSION, ("kind", HEARTBEAT)])

    def _known(self) -> Headers:
        key_camera, default = self._sender
        codes = {"key_camera": key_camera, "camera_id": default}
        given = [(name, code.encode()) for name, code in codes.items() if code is not None]
        return [("received_at", self._received_at.encode()), *given]


_VERSION = ("v", VERSION)
_EVENT_HEADERS: Headers = [_VERSION]
