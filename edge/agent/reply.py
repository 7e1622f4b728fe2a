"""What the server's reply to a batch means for the events in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

NO_REPLY = 0
_WHOLE = {400, 413, 415, 422}  # the same body would be refused for ever
_LATER = {NO_REPLY, 408, 425, 429}


class Meaning(Enum):
    SETTLED = "each event has its answer"
    TOO_LARGE = "the same events in smaller batches"
    REFUSED = "one of the events spoils the batch"
    LATER = "nothing was stored, try again soon"
    BLOCKED = "nothing will be stored until a person mends something"


@dataclass(frozen=True)
class Reply:
    """Status 0 is no reply at all; `problem` then says why."""

    status: int
    document: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None
    problem: str = ""
    skew: float | None = None  # seconds by which our clock is ahead of the server's


@dataclass(frozen=True)
class Refused:
    index: int
    code: str
    detail: str


@dataclass(frozen=True)
class Receipt:
    """The answers to the events of a batch."""

    accepted: int
    duplicate: int
    queued: int
    refused: tuple[Refused, ...]


def meaning_of(reply: Reply, *, events: int) -> Meaning:
    """A refusal is believed only in the words of the ingest API, not from a proxy on the way."""
    if _is_welcome(reply):
        return Meaning.SETTLED if receipt_of(reply, events=events) else Meaning.LATER
    if reply.status == 413 and events > 1:
        return Meaning.TOO_LARGE
    if reply.status in _WHOLE and "code" in reply.document:
        return Meaning.REFUSED
    if reply.status in _LATER or reply.status >= 500:
        return Meaning.LATER
    return Meaning.BLOCKED


def receipt_of(reply: Reply, *, events: int) -> Receipt | None:
    """None unless the reply answers for exactly so many events."""
    if not _is_welcome(reply):
        return None
    document = reply.document
    counts = [document.get(name, 0) for name in ("accepted", "duplicate", "queued")]
    refused = _refused(document.get("refused"), events)
    if refused is None or not all(type(count) is int and count >= 0 for count in counts):
        return None
    if not document.get("received") == sum(counts) + len(refused) == events:
        return None
    accepted, duplicate, queued = counts
    return Receipt(accepted, duplicate, queued, refused)


def reason_of(reply: Reply) -> str:
    """Why the events were not stored, in one line."""
    if reply.status == NO_REPLY:
        return reply.problem
    if _is_welcome(reply):
        return f"{reply.status}, but not in the words of the ingest API"
    words = (reply.document.get("code"), reply.document.get("detail"))
    said = ": ".join(str(word) for word in words if word)
    return f"{reply.status} ({said})" if said else str(reply.status)


def _is_welcome(reply: Reply) -> bool:
    return 200 <= reply.status < 300


def _refused(items: Any, events: int) -> tuple[Refused, ...] | None:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return None
    indexes = {item.get("index") for item in items if type(item.get("index")) is int}
    if len(indexes) != len(items) or not indexes <= set(range(events)):
        return None
    return tuple(
        Refused(item["index"], str(item.get("code", "")), str(item.get("detail", "")))
        for item in items
    )
