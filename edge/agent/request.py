"""Reads what a POST carries, and turns it into items; every "no" is an answer of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message as Headers
from typing import Any, Protocol

from edge.agent.body import (
    MAX_BYTES,
    MAX_EVENTS,
    MalformedError,
    Message,
    TooLargeError,
    decode,
    unpacked,
)

LONGEST_CHUNK_LINE = 1_000
LONGEST_SKIPPED = 10 * MAX_BYTES
PIECE = 65_536
_MEDIA_TYPES = {"application/json": False, "application/x-ndjson": True}
_TOO_LARGE = f"At most {MAX_EVENTS:,} events and {MAX_BYTES // 1_000_000} MB in one request."


@dataclass(frozen=True)
class Answer:
    status: int
    document: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class Stream(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


class RefusedRequestError(Exception):
    """The request as a whole can't be taken. `is_read` unless the rest of it is still to come."""

    def __init__(self, status: int, code: str, detail: str, *, is_read: bool = True) -> None:
        super().__init__(detail)
        self.answer = Answer(status, {"code": code, "detail": detail})
        self.is_read = is_read


def body_of(headers: Headers, stream: Stream) -> bytes:
    """All of the body, as sent. Raises RefusedRequestError."""
    if headers.get("Transfer-Encoding", "").lower() == "chunked":
        return _chunked(stream)
    length = headers.get("Content-Length", "").strip()
    if not (length.isascii() and length.isdecimal()):
        raise RefusedRequestError(411, "length_required", "Say Content-Length.", is_read=False)
    if int(length) > MAX_BYTES:
        raise RefusedRequestError(413, "too_large", _TOO_LARGE, is_read=_skip(stream, int(length)))
    body = stream.read(int(length))
    if len(body) < int(length):
        raise _cut()
    return body


def message_of(headers: Headers, body: bytes) -> Message:
    """The items of the body. Raises RefusedRequestError."""
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES:
        raise RefusedRequestError(
            415, "unsupported_media_type", "Send application/json or application/x-ndjson."
        )
    encoding = headers.get("Content-Encoding", "identity").lower()
    if encoding not in {"identity", "gzip"}:
        detail = "Send the body plain or with Content-Encoding: gzip."
        raise RefusedRequestError(415, "unsupported_encoding", detail)
    try:
        plain = unpacked(body) if encoding == "gzip" else body
        return decode(plain, is_ndjson=_MEDIA_TYPES[media_type])
    except MalformedError as error:
        raise RefusedRequestError(400, "malformed", str(error)) from error
    except TooLargeError as error:
        raise RefusedRequestError(413, "too_large", _TOO_LARGE) from error


def _skip(stream: Stream, length: int) -> bool:
    """Reads past a body, so that its sender comes to read the answer; not if it is endless."""
    if length > LONGEST_SKIPPED:
        return False
    while length > 0 and (piece := stream.read(min(length, PIECE))):
        length -= len(piece)
    return length == 0


def _chunked(stream: Stream) -> bytes:
    chunks: list[bytes] = []
    for chunk in _chunks(stream):
        chunks.append(chunk)
        if sum(map(len, chunks)) > MAX_BYTES:
            raise RefusedRequestError(413, "too_large", _TOO_LARGE, is_read=False)
    return b"".join(chunks)


def _chunks(stream: Stream) -> Iterator[bytes]:
    while size := _chunk_size(stream.readline(LONGEST_CHUNK_LINE)):
        chunk = stream.read(size)
        if len(chunk) < size or stream.readline(LONGEST_CHUNK_LINE) != b"\r\n":
            raise _cut()
        yield chunk
    while stream.readline(LONGEST_CHUNK_LINE).strip():
        pass  # trailers


def _chunk_size(line: bytes) -> int:
    try:
        size = int(line.partition(b";")[0], 16)
    except ValueError:
        raise _cut() from None
    if not 0 <= size <= MAX_BYTES:
        raise RefusedRequestError(413, "too_large", _TOO_LARGE, is_read=False)
    return size


def _cut() -> RefusedRequestError:
    return RefusedRequestError(400, "malformed", "The body is not whole.", is_read=False)
