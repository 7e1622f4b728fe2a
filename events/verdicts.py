"""Gives and takes back verdicts; all that follows from events follows at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from common import dialect
from common.instants import to_datetime
from events import projections
from events.domain.change import Change
from events.domain.observation import Observation
from events.domain.verdict import (
    BadWordError,
    Label,
    Word,
    counts_unreviewed,
    in_force,
    label_by,
    relabelled,
)
from events.models import Event, Verdict
from events.one_writer import lock
from workers.domain.master import MasterData
from workers.models import Site, User

Events = Sequence[Event] | QuerySet[Event]  # read again where a transaction is repeated


class Outcome(NamedTuple):
    """By event id: the verdicts that stand now, and why a word could not be said."""

    given: dict[int, Verdict]
    refused: dict[int, BadWordError]


def give(
    event: Event, *, reviewer: User, word: Word, now_ms: int, purpose: str = "manual"
) -> Verdict:
    """The reviewer's verdict on the event, which replaces an earlier one of theirs.

    Safe to repeat. Raises BadWordError.
    """
    given, refused = give_many(
        [event], reviewer=reviewer, word=word, now_ms=now_ms, purpose=purpose
    )
    if refused:
        raise refused[event.pk]
    return given[event.pk]


@dialect.retried
def give_many(
    events: Events, *, reviewer: User, word: Word, now_ms: int, purpose: str = "manual"
) -> Outcome:
    """The same word on many events: those it can be said of. Costs few statements a site."""
    outcome = Outcome({}, {})

    def say(event: Event, standing: list[Verdict], master: MasterData) -> list[Verdict]:
        try:
            label = label_by(word, event.observation, master)
        except BadWordError as error:
            outcome.refused[event.pk] = error
            return standing
        verdict = _verdict(event, reviewer, word, label, purpose, now_ms)
        if standing and _says_the_same(standing[-1], verdict):
            outcome.given[event.pk] = standing[-1]
            return standing
        outcome.given[event.pk] = verdict
        return [*_of_others(standing, reviewer), verdict]

    _change(events, say, replaced_at=to_datetime(now_ms))
    return outcome


def undo(event: Event, *, reviewer: User, now_ms: int) -> Verdict | None:
    """The reviewer's verdict that stood until now; None: there was none. Safe to repeat."""
    return undo_many([event], reviewer=reviewer, now_ms=now_ms).get(event.pk)


@dialect.retried
def undo_many(events: Events, *, reviewer: User, now_ms: int) -> dict[int, Verdict]:
    """The reviewer's verdicts that stood until now, by event id."""
    undone: dict[int, Verdict] = {}

    def take_back(event: Event, standing: list[Verdict], _master: MasterData) -> list[Verdict]:
        staying = _of_others(standing, reviewer)
        undone.update((event.pk, each) for each in standing if each not in staying)
        return staying

    _change(events, take_back, undone_at=to_datetime(now_ms))
    return undone


def _verdict(
    event: Event, reviewer: User, word: Word, label: Label | None, purpose: str, now_ms: int
) -> Verdict:
    counted: dict[str, Any] = {} if label is None else msgspec.structs.asdict(label)
    now: Any = to_datetime(now_ms)
    return Verdict(
        site_id=event.site_id,
        event=event,
        occurred_at=event.occurred_at,
        reviewer=reviewer,
        verdict=word.verdict,
        purpose=purpose,
        reason=word.reason,
        given_at=now,
        in_force=False,
        **counted,
    )


def _says_the_same(stored: Verdict, verdict: Verdict) -> bool:
    names = ("reviewer_id", "verdict", "label", "purpose", "reason")
    return all(getattr(stored, name) == getattr(verdict, name) for name in names)


def _of_others(standing: list[Verdict], reviewer: User) -> list[Verdict]:
    return [each for each in standing if each.reviewer_id != reviewer.pk]


# What stands of an event from now on, newest last, given what stood until now.
_Decide = Callable[[Event, list[Verdict], MasterData], list[Verdict]]


def _change(events: Events, decide: _Decide, **ended: datetime) -> None:
    """One transaction, in which each site is ours; `ended` marks verdicts that no longer stand."""
    rows = sorted({event.pk: event for event in events}.values(), key=attrgetter("site_id", "pk"))
    with transaction.atomic():
        masters = lock({event.site_id for event in rows})
        for site_id, mine in groupby(rows, key=attrgetter("site_id")):
            _change_site(masters[site_id], list(mine), decide, ended)


def _change_site(
    master: MasterData, events: list[Event], decide: _Decide, ended: dict[str, datetime]
) -> None:
    turns = []
    for event, before in _standing(events):
        after = decide(event, before, master)
        if after != before:
            turns.append(_Turn(event, before, after))
    if not turns:
        return
    _write(turns, ended)
    removed, added = [], []
    for turn in turns:
        was, now = (turn.counts(ruling, master) for ruling in (turn.was_in_force, turn.in_force))
        if was != now:
            removed.append(was)
            added.append(now)
    change = Change(master, (), added=_real(added), removed=_real(removed))
    projections.project(change)
    dialect.count_up(Site, "revision", master.site_id)


def _standing(events: list[Event]) -> list[tuple[Event, list[Verdict]]]:
    """Each event with the verdicts that stand, newest last."""
    found: dict[int, list[Verdict]] = defaultdict(list)
    rows = Verdict.objects.filter(
        event__in=[event.pk for event in events], undone_at=None, replaced_at=None
    )
    for verdict in rows.order_by("id"):
        found[verdict.event_id].append(verdict)
    return [(event, found[event.pk]) for event in events]


class _Turn(NamedTuple):
    """An event of which other verdicts stand from now on."""

    event: Event
    before: list[Verdict]
    after: list[Verdict]

    @property
    def was_in_force(self) -> Verdict | None:
        return in_force(self.before)

    @property
    def in_force(self) -> Verdict | None:
        return in_force(self.after)

    def counts(self, ruling: Verdict | None, master: MasterData) -> Observation | None:
        fact = self.event.observation
        if ruling is not None:
            return relabelled(fact, ruling.label)
        return fact if counts_unreviewed(fact, master) else None


def _write(turns: list[_Turn], ended: dict[str, datetime]) -> None:
    """The old first: of one event, one verdict is in force, and one of a reviewer stands."""
    moved = [turn for turn in turns if turn.was_in_force is not turn.in_force]
    _update([turn.was_in_force for turn in moved], in_force=False)
    _update([each for turn in turns for each in turn.before if each not in turn.after], **ended)
    for turn in turns:
        for each in turn.after:
            each.in_force = each is turn.in_force
    _update([turn.in_force for turn in moved], in_force=True)
    Verdict.objects.bulk_create(each for turn in turns for each in turn.after if each._state.adding)


def _update(verdicts: Iterable[Verdict | None], **values: Any) -> None:
    rows = [each for each in verdicts if each is not None and not each._state.adding]
    for each in rows:
        for name, value in values.items():
            setattr(each, name, value)
    if rows:
        Verdict.objects.filter(pk__in=[each.pk for each in rows]).update(**values)


def _real(counted: list[Observation | None]) -> list[Observation]:
    return [each for each in counted if each is not None]
