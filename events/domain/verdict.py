"""What reviewers say of events, which word is in force, and what an event counts as then.

The effective event is the fact as the verdict in force has it; all figures about work follow it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec

from events.domain.observation import COUNT, Observation
from workers.domain.master import MasterData, WorkerInfo, WorkstationInfo, is_active

CONFIRMED, RELABELLED, REJECTED, UNCLEAR = "confirmed", "relabelled", "rejected", "unclear"
VERDICTS = (CONFIRMED, RELABELLED, REJECTED, UNCLEAR)
EVENT_TYPES = ("working", "idle", "absent", COUNT)
MAX_COUNT = 100_000


@dataclass(frozen=True, slots=True)
class Word:
    """What a reviewer says, with codes as on the wire; what is None is as it was reported."""

    verdict: str
    event_type: str | None = None
    worker_id: str | None = None
    workstation_id: str | None = None
    count: int | None = None
    reason: str = ""


class BadWordError(ValueError):
    """The word can't be said of the event. The text tells people why, `field` where."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


class FrozenError(BadWordError):
    """The event lies before the site's horizon: what followed from it stays as it was."""

    def __init__(self) -> None:
        super().__init__("verdict", "Events this old have been removed: figures of then stay.")


class Label(msgspec.Struct, frozen=True):
    """What an event counts as."""

    worker_id: int
    workstation_id: int
    event_type: str
    count: int


class _Says(Protocol):
    @property
    def verdict(self) -> str: ...


_Verdict = TypeVar("_Verdict", bound=_Says)


def label_by(word: Word, fact: Observation, master: MasterData) -> Label | None:
    """What the fact counts as by this word. None: as nothing. Raises BadWordError."""
    if word.verdict not in VERDICTS:
        raise BadWordError("verdict", f"Say one of {', '.join(VERDICTS)}.")
    if word.verdict != RELABELLED:
        _refuse_corrections(word)
        return label_of(fact) if word.verdict == CONFIRMED else None
    label = _corrected(word, fact, master)
    if label == label_of(fact):
        raise BadWordError("verdict", "That is what was reported: confirm it instead.")
    return label


def label_of(fact: Observation) -> Label:
    """What the fact was reported as."""
    return Label(fact.worker_id, fact.workstation_id, fact.event_type, fact.count)


def in_force(standing: Sequence[_Verdict]) -> _Verdict | None:
    """Of the verdicts that stand, newest last: the newest that decides something."""
    return next((each for each in reversed(standing) if each.verdict != UNCLEAR), None)


def relabelled(fact: Observation, label: Label | None) -> Observation | None:
    """What counts instead of the fact while a verdict is in force. None: nothing does."""
    if label is None:
        return None
    return msgspec.structs.replace(fact, reviewed=True, **msgspec.structs.asdict(label))


def counts_unreviewed(fact: Observation, master: MasterData) -> bool:
    """Whether figures follow the fact without a word on it, as the site has chosen."""
    confidence = fact.confidence
    return confidence is None or confidence >= master.least_confidence


def unreviewed(facts: list[Observation], master: MasterData) -> list[Observation]:
    """Those of new facts that figures follow: at most sites all of them."""
    if not master.least_confidence:
        return facts
    return [fact for fact in facts if counts_unreviewed(fact, master)]


_CORRECTIONS = ("event_type", "worker_id", "workstation_id", "count")


def _refuse_corrections(word: Word) -> None:
    for field in _CORRECTIONS:
        if getattr(word, field) is not None:
            raise BadWordError(field, f"An event that is {word.verdict} is not corrected as well.")


def _corrected(word: Word, fact: Observation, master: MasterData) -> Label:
    if word.event_type not in (None, *EVENT_TYPES):
        raise BadWordError("event_type", f"Say one of {', '.join(EVENT_TYPES)}.")
    event_type = word.event_type or fact.event_type
    worker = _named("worker", word.worker_id, fact.occurred_at, master.workers)
    station = _named("workstation", word.workstation_id, fact.occurred_at, master.workstations)
    return Label(
        worker or fact.worker_id,
        station or fact.workstation_id,
        event_type,
        _units(word.count, event_type, fact),
    )


def _named(
    kind: str,
    code: str | None,
    at: int,
    known: "dict[str, WorkerInfo] | dict[str, WorkstationInfo]",
) -> int | None:
    if code is None:
        return None
    info = known.get(code)
    if info is None:
        raise BadWordError(f"{kind}_id", f"There is no {kind} {code!r} at this site.")
    if not is_active(info.active, at):
        raise BadWordError(f"{kind}_id", f"{code} was not active then.")
    return info.id


def _units(count: int | None, event_type: str, fact: Observation) -> int:
    """A product count without a number is as it was, or one unit; other types count nothing."""
    if event_type != COUNT:
        if count is not None:
            raise BadWordError("count", "Only a product count has a count.")
        return 0
    if count is None:
        return fact.count if fact.event_type == COUNT else 1
    if not 0 <= count <= MAX_COUNT:
        raise BadWordError("count", f"Say a whole number from 0 to {MAX_COUNT:,}.")
    return count
