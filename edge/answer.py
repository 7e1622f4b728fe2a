"""What the server's answer to a request means for the events in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

NO_ANSWER = 0
REFUSED_WHOLE = {400, 413, 415, 422}  # the same body would be refused for ever
TRY_LATER = {NO_ANSWER, 408, 425, 429}


class Outcome(Enum):
    SETTLED = "each event has its answer"
    REFUSED = "the body as a whole is refused, sending it again is no use"
    LATER = "nothing was stored, try again soon"
    BLOCKED = "nothing will be stored until a person mends something"


@dataclass(frozen=True)
class Answer:
    """Status 0 is no answer at all; `problem` then says why."""

    status: int
    receipt: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None
    problem: str = ""


def outcome_of(answer: Answer) -> Outcome:
    if _is_welcome(answer):
        return Outcome.SETTLED if "received" in answer.receipt else Outcome.LATER
    if answer.status in REFUSED_WHOLE:
        return Outcome.REFUSED
    if answer.status in TRY_LATER or answer.status >= 500:
        return Outcome.LATER
    return Outcome.BLOCKED


def reason_of(answer: Answer) -> str:
    """Why the events were not stored, in one line."""
    if answer.status == NO_ANSWER:
        return answer.problem
    if _is_welcome(answer):
        return f"{answer.status}, but not in the words of the ingest API"
    words = (answer.receipt.get("code"), answer.receipt.get("detail"))
    said = ": ".join(str(word) for word in words if word)
    return f"{answer.status} ({said})" if said else str(answer.status)


def _is_welcome(answer: Answer) -> bool:
    return 200 <= answer.status < 300
