"""Takes messages apart, whoever made them: what each says, or why nothing can be made of it."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, overload

import msgspec

from events.domain.judgement import Sender, instant_of
from events.domain.wire import Item, MalformedBodyError, decode_line, decode_one
from events.stream.messages import (
    EVENT,
    HEARTBEAT,
    MAX_BYTES,
    REFUSED,
    VERSION,
    Delivered,
    suffix_of,
)


class Said(NamedTuple):
    """What a message says; a heartbeat has no item. `original` gives the item's bytes as sent."""

    site_code: str
    sender: Sender
    item: Item | None
    received_at: int
    original: Callable[[], bytes]


class Dead(NamedTuple):
    """Why a message can't be stored, and whose it is if that much is known."""

    reason: str
    site_code: str | None = None


Known = dict[str, bytes]


def read(message: Delivered) -> Said | Dead:
    """What a message says, whoever made it."""
    headers = {name: _bytes(value) for name, value in message.headers or ()}
    site_code = _text(message.key)
    if headers.get("v") != VERSION:
        return Dead(f"The header v says {_text(headers.get('v'))!r}, not '1'", site_code)
    if not site_code:
        return Dead("The key is no site's code")
    value = message.value or b""
    if len(value) > MAX_BYTES:
        return Dead(f"Larger than {MAX_BYTES:,} bytes", site_code)
    kind = _KINDS.get(headers.get("kind", EVENT))
    if kind is None:
        return Dead(f"The header kind says {_text(headers['kind'])!r}", site_code)
    return kind(site_code, value, headers, message.timestamp)


class Originals(Sequence[bytes]):
    """The bytes of items as they were sent, each found when it is asked for."""

    def __init__(self, said: Sequence[Said]) -> None:
        self._said = said

    def __len__(self) -> int:
        """How many."""
        return len(self._said)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        """One, or some."""
        if isinstance(index, slice):
            return [each.original() for each in self._said[index]]
        return self._said[index].original()


class _Appended(msgspec.Struct):
    site: str | None = None
    received_at: str | None = None
    camera_id: str | None = None


_decode_appended = msgspec.json.Decoder(_Appended).decode
_WRONG_TIME = "Expected an RFC 3339 time with offset - at `$.received_at`"
_NOBODY = Sender(None)  # an event names its camera itself; who sent it was judged before
_instant_of = lru_cache(4_096)(instant_of)  # events of one request share theirs


def _event(site_code: str, value: bytes, headers: Known, at: int) -> Said | Dead:
    try:
        item = decode_one(value)
        appended = _decode_appended(value)
    except MalformedBodyError as error:
        return Dead(str(error), site_code)
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        return _wrong(site_code, value, at, str(error))
    if appended.site not in (None, site_code):
        return Dead(f"The key is {site_code!r}, but its site is {appended.site!r}", site_code)
    received_at = at if appended.received_at is None else _instant_of(appended.received_at)
    if received_at is None:
        return _wrong(site_code, value, at, _WRONG_TIME)
    return Said(site_code, _NOBODY, item, received_at, lambda: _without(value, site_code, appended))


def _wrong(site_code: str, value: bytes, at: int, reason: str) -> Said:
    """JSON, but nothing that could be an event of ours."""
    return Said(site_code, _NOBODY, reason, at, lambda: value)


def _without(value: bytes, site_code: str, appended: _Appended) -> bytes:
    """The event without what was appended, where that is exactly ours."""
    end = value.rfind(b"}") + 1
    for camera_code in (appended.camera_id or "", ""):
        suffix = suffix_of(site_code, appended.received_at or "", camera_code)
        if value.endswith(suffix, 0, end):
            return b"%b}%b" % (value[: end - len(suffix)], value[end:])
    return value


def _refused(site_code: str, value: bytes, headers: Known, at: int) -> Said | Dead:
    received_at = _instant_of(_text(headers.get("received_at")) or "")
    reason = _text(headers.get("reason"))
    sender = Sender(_text(headers.get("key_camera")), _text(headers.get("camera_id")))
    item = decode_line(value) if reason is None else reason
    return Said(site_code, sender, item, at if received_at is None else received_at, lambda: value)


def _heartbeat(site_code: str, value: bytes, headers: Known, at: int) -> Said | Dead:
    try:
        appended = _decode_appended(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Dead(f"Not JSON: {error}", site_code)
    received_at = _instant_of(appended.received_at) if appended.received_at else at
    return Said(
        site_code,
        Sender(None, appended.camera_id),
        None,
        at if received_at is None else received_at,
        lambda: value,
    )


_KINDS = {EVENT: _event, REFUSED: _refused, HEARTBEAT: _heartbeat}


def _text(raw: bytes | None) -> str | None:
    """None where there is none, or no text of it can be made."""
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _bytes(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""
