"""The wire format: bytes of a request → events as sent, each decoded or with the reason why not.

One definition of an event serves decoding, checking and the OpenAPI page. Names here are the wire's
own.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

import msgspec
from msgspec import UNSET, DecodeError, Meta, Raw, Struct, UnsetType, ValidationError

MAX_EVENTS = 5_000
MAX_BYTES = 5_000_000
MAX_DEPTH = 16

Code = Annotated[str, Meta(min_length=1, max_length=64)]
Confidence = Annotated[float, Meta(ge=0, le=1)]
Number = Annotated[
    int, Meta(ge=0, le=2**53 - 1, description="Counts a camera's events one by one.")
]
Count = Annotated[int, Meta(ge=0, le=100_000)]


class _Event(Struct, frozen=True, gc=False, tag_field="event_type"):
    timestamp: Annotated[str, Meta(description="RFC 3339 with offset.", max_length=64)]
    worker_id: Code
    workstation_id: Code
    confidence: Confidence | None = None
    restated: bool = False
    camera_id: Code | None = None
    model_version: Code | None = None
    snapshot_id: Code | None = None
    seq: Number | None = None
    seq_run: Code | None = None


class Working(_Event, frozen=True, gc=False, tag="working"):
    """The worker works."""


class Idle(_Event, frozen=True, gc=False, tag="idle"):
    """The worker is there and does not work."""


class Absent(_Event, frozen=True, gc=False, tag="absent"):
    """The worker has left the workstation at which they were last seen."""


class ProductCount(_Event, frozen=True, gc=False, tag="product_count"):
    """Units were finished."""

    count: Count | None = None


WireEvent = Working | Idle | Absent | ProductCount
Item = WireEvent | str  # a string says what is wrong with the item


class MalformedBodyError(Exception):
    """Not JSON at all, nested too deep, or of no shape that the contract knows.

    Nothing of it can be stored.
    """


class TooManyEventsError(Exception):
    """More than MAX_EVENTS events in one request."""


class Message(NamedTuple):
    """A decoded body.

    `camera_code` is the default of its items; `is_single` when one bare object was sent.
    """

    items: list[Item]
    camera_code: str | None
    is_single: bool
    body: bytes
    is_ndjson: bool
    values: Sequence[bytes] | None = None  # where each item came by itself

    def raw(self) -> Sequence[bytes]:
        """Each item's own bytes, in order."""
        return list(_raw_items(self.body, self.is_ndjson)) if self.values is None else self.values


class _Envelope(Struct):
    events: Raw | UnsetType = UNSET
    camera_id: Code | None = None


_decode_event = msgspec.json.Decoder(WireEvent).decode
_decode_events = msgspec.json.Decoder(list[WireEvent]).decode
_decode_raws = msgspec.json.Decoder(list[Raw]).decode
_decode_envelope = msgspec.json.Decoder(_Envelope).decode
_decode_anything = msgspec.json.Decoder(Raw).decode


def decode(body: bytes, *, is_ndjson: bool = False) -> Message:
    """The events of a body: one object, an array, `{"events": […]}`, or lines of JSON."""
    try:
        return _lines(body) if is_ndjson else _document(body)
    except (DecodeError, UnicodeDecodeError) as error:
        raise MalformedBodyError(f"Not JSON: {error}") from error


def decode_line(raw: bytes) -> Item:
    """One item by itself; what is no JSON is one that is wrong."""
    try:
        _refuse_depth(raw)
        return _item(raw)
    except (DecodeError, MalformedBodyError) as error:
        return f"not JSON: {error}"


def decode_one(raw: bytes) -> Item:
    """One item by itself. Raises MalformedBodyError where it is no JSON."""
    try:
        return _item(raw)
    except (DecodeError, RecursionError) as error:
        raise MalformedBodyError(f"Not JSON: {error}") from error


def event_type_of(event: WireEvent) -> str:
    """The word that the wire says for the event's type."""
    return _WORDS[type(event)]


_WORDS: dict[type, str] = {
    kind: str(kind.__struct_config__.tag) for kind in (Working, Idle, Absent, ProductCount)
}


def _document(body: bytes) -> Message:
    _refuse_depth(body)
    start = body.lstrip(b" \t\r\n")[:1]
    if start == b"[":
        return Message(_array(body), None, is_single=False, body=body, is_ndjson=False)
    if start != b"{":
        _decode_anything(body)
        raise MalformedBodyError('Send an object, an array of objects, or {"events": […]}.')
    array, camera_code = _enveloped(body)
    if array is None:
        return Message([_item(body)], None, is_single=True, body=body, is_ndjson=False)
    return Message(_array(array), camera_code, is_single=False, body=array, is_ndjson=False)


def _enveloped(body: bytes) -> tuple[bytes | None, str | None]:
    try:
        envelope = _decode_envelope(body)
    except ValidationError:  # a bare event whose camera_id is wrong: its own check says so
        return None, None
    return (
        (None, None) if envelope.events is UNSET else (bytes(envelope.events), envelope.camera_id)
    )


def _array(body: bytes) -> list[Item]:
    try:
        items: list[Item] = list(_decode_events(body))
    except (ValidationError, UnicodeDecodeError):
        raws = _decode_raws(body)  # all or nothing failed: now one by one
        _refuse_too_many(raws)
        items = [_item(bytes(raw)) for raw in raws]
    _refuse_too_many(items)
    return items


def _lines(body: bytes) -> Message:
    lines = list(_raw_items(body, is_ndjson=True))
    _refuse_too_many(lines)
    return Message(
        [decode_line(line) for line in lines], None, is_single=False, body=body, is_ndjson=True
    )


def _item(raw: bytes) -> Item:
    try:
        event: WireEvent = _decode_event(raw)
    except ValidationError as error:
        return str(error)
    except UnicodeDecodeError:
        return "a string is not UTF-8"
    return event


def _raw_items(body: bytes, is_ndjson: bool) -> Iterator[bytes]:
    if is_ndjson:
        return (line for line in body.splitlines() if line.strip())
    if body.lstrip(b" \t\r\n")[:1] == b"[":
        return (bytes(raw) for raw in _decode_raws(body))
    return iter([body])


def _refuse_too_many(items: list[Item] | list[Raw] | list[bytes]) -> None:
    if len(items) > MAX_EVENTS:
        raise TooManyEventsError


_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_OBJECT_AS_VALUE = re.compile(rb":[ \t\r\n]*\{")


def _refuse_depth(body: bytes) -> None:
    if _is_flat(body):
        return
    depth = 0
    for token in _BRACKETS.finditer(body):
        mark = token.group()[:1]
        depth += 1 if mark in b"[{" else -1 if mark in b"]}" else 0
        if depth > MAX_DEPTH:
            raise MalformedBodyError(f"Nested deeper than {MAX_DEPTH}.")


def _is_flat(body: bytes) -> bool:
    """Whether one array of flat objects is all there can be: nothing in it has an object as value.

    A look at the whole costs more, and flat is the rule.
    """
    return body.count(b"[") <= 1 and not _OBJECT_AS_VALUE.search(body)
