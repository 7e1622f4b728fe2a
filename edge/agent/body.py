"""Takes a request's body apart: one object, an array, `{"events": […]}`, or lines of JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from edge.agent.shape import LONGEST_CODE

MAX_EVENTS = 5_000
MAX_BYTES = 5_000_000
MAX_DEPTH = 16
_GZIP = 16 + zlib.MAX_WBITS  # zlib's word for "with gzip's header"


class MalformedError(Exception):
    """Nothing of it can be kept; the text says why."""


class TooLargeError(Exception):
    """More events, or bytes, than one request may have."""


class Broken(str):
    """An item that is not JSON; its text says why."""

    __slots__ = ()


@dataclass(frozen=True)
class Message:
    """A decoded body. `camera_id` is the camera of items that name none.

    `is_single` when one bare object was sent.
    """

    items: list[Any]
    camera_id: str | None = None
    is_single: bool = False


def unpacked(body: bytes) -> bytes:
    """What was gzipped; stops one byte past the limit, so that a bomb costs no memory."""
    stream = zlib.decompressobj(_GZIP)
    try:
        plain = stream.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise MalformedError(f"Not gzip: {error}") from error
    if len(plain) > MAX_BYTES:
        raise TooLargeError
    if not stream.eof:
        raise MalformedError("Not gzip: the end is missing")
    return plain


def decode(body: bytes, *, is_ndjson: bool = False) -> Message:
    """The items of a body. Raises MalformedError or TooLargeError."""
    if len(body) > MAX_BYTES:
        raise TooLargeError
    message = _lines(body) if is_ndjson else _document(_parsed(body))
    if len(message.items) > MAX_EVENTS:
        raise TooLargeError
    return message


def items_of(lines: Iterable[bytes]) -> list[Any]:
    """Each line's item; lines without a word are left out."""
    return [_line(line) for line in lines if line.strip()]


def _lines(body: bytes) -> Message:
    return Message(items_of(body.splitlines()))


def _line(line: bytes) -> Any:
    try:
        return _parsed(line)
    except MalformedError as error:
        return Broken(error)


def _parsed(raw: bytes) -> Any:
    """Bytes that are no UTF-8 become lone surrogates, for which the item is refused later."""
    try:
        text = raw.decode(errors="surrogateescape")
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"Not JSON: {error}") from error
    if _is_deep(document, MAX_DEPTH):
        raise MalformedError(f"Nested deeper than {MAX_DEPTH}.")
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _is_deep(value: Any, depth: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(
        _is_deep(each, depth - 1) for each in inner if isinstance(each, (dict, list))
    )


def _document(document: Any) -> Message:
    if isinstance(document, list):
        return Message(document)
    if not isinstance(document, dict):
        raise MalformedError('Send an object, an array of objects, or {"events": […]}.')
    if "events" not in document:
        return Message([document], is_single=True)
    if not isinstance(document["events"], list):
        raise MalformedError("Expected an array - at `$.events`")
    return Message(document["events"], _camera_id(document.get("camera_id")))


def _camera_id(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_CODE or "\0" in value:
        raise MalformedError(f"Expected 1 to {LONGEST_CODE} characters - at `$.camera_id`")
    return value
