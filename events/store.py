"""Stores facts, refused events and what follows from them: one transaction, one writer per site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec
from django.db import transaction

from common import dialect
from events import projections, refusals, sequences, telemetry
from events.domain.batch import Batch, Receipt
from events.domain.change import Change
from events.domain.judgement import Refusal, contradicts, judge, judge_heartbeat
from events.domain.observation import COLUMNS, KEY_COLUMNS, Key, Observation
from events.domain.verdict import unreviewed
from events.models import Event
from events.one_writer import lock
from workers.domain.master import MasterData
from workers.models import Camera, Site


@telemetry.TRANSACTION.time()
@dialect.retried
def store(batches: Sequence[Batch]) -> list[Receipt]:
    """Stores the batches in one transaction. A receipt for each, in order.

    The first that states a fact owns it.
    """
    receipts: list[Receipt | None] = [None] * len(batches)
    order = sorted(range(len(batches)), key=lambda index: batches[index].site_id)
    with transaction.atomic():
        masters = lock({batch.site_id for batch in batches})
        for site_id, indexes in groupby(order, key=lambda index: batches[index].site_id):
            mine = list(indexes)
            for index, receipt in zip(
                mine, _store_site(masters[site_id], [batches[i] for i in mine]), strict=True
            ):
                receipts[index] = receipt
    return [receipt for receipt in receipts if receipt is not None]


@dataclass(slots=True)
class _Judged:
    """One item of a batch with the outcome so far."""

    receipt: Receipt
    index: int
    outcome: Observation | Refusal


def _store_site(master: MasterData, batches: list[Batch]) -> list[Receipt]:
    receipts = [Receipt(received=len(batch.message.items)) for batch in batches]
    judged = [
        item
        for batch, receipt in zip(batches, receipts, strict=True)
        for item in _judge(batch, receipt, master)
    ]
    sequences.note(batches, master)
    added = _insert(judged)
    _settle_refused_duplicates(judged)
    _count(judged)
    refusals.keep(master.site_id, zip(batches, receipts, strict=True))
    if added:
        counted = unreviewed(added, master)
        projections.project(Change(master, facts_added=added, added=counted))
        dialect.count_up(Site, "revision", master.site_id)
    _note_seen(batches, master)
    return receipts


def _judge(batch: Batch, receipt: Receipt, master: MasterData) -> Iterable[_Judged]:
    sender = batch.sender
    refusal = None if batch.message.items else judge_heartbeat(sender, master)
    if refusal is not None:
        receipt.refused[0] = refusal
    for index, (item, received_at) in enumerate(
        zip(batch.message.items, batch.received_at, strict=True)
    ):
        now = batch.now_of(index)
        yield _Judged(receipt, index, judge(item, sender, master, received_at=received_at, now=now))


def _insert(judged: list[_Judged]) -> list[Observation]:
    """Inserts the facts that are new.

    Items whose fact was there become duplicates, or conflicts where the counts differ.
    """
    facts = [(item, item.outcome) for item in judged if isinstance(item.outcome, Observation)]
    first: dict[Key, Observation] = {}
    for _, fact in facts:
        first.setdefault(fact.key, fact)
    if not first:
        return []
    rows = [msgspec.structs.astuple(fact)[:-1] for fact in first.values()]
    inserted = dialect.insert_missing(Event, COLUMNS, KEY_COLUMNS, rows)
    if inserted is None and len(first) == len(facts):
        return list(first.values())  # the usual case: all are new
    added = [first[key] for key in first if inserted is None or key in inserted]
    stored = {} if inserted is None else _stored_counts(set(first) - inserted)
    for item, fact in facts:
        item.outcome = _settle(fact, first, stored)
    return added


def _settle(
    observation: Observation, first: dict[Key, Observation], stored: dict[Key, int]
) -> Observation | Refusal:
    """What was inserted stays as it is; all else repeats or contradicts what is stored."""
    key = observation.key
    if key not in stored and first[key] is observation:
        return observation
    count = stored[key] if key in stored else first[key].count
    if contradicts(observation, count):
        return Refusal("conflict", f"The same event was stored with count {count}")
    return _DUPLICATE


_DUPLICATE = Refusal("duplicate", "")


def _stored_counts(keys: Iterable[Key]) -> dict[Key, int]:
    columns = [*KEY_COLUMNS, "count"]
    rows = dialect.matching(Event, columns, KEY_COLUMNS, sorted(keys), instant="occurred_at")
    return {row[:-1]: row[-1] for row in rows}


def _settle_refused_duplicates(judged: list[_Judged]) -> None:
    """What is stored is a duplicate, whatever other checks say by now (a worker retired since)."""
    doubtful = [
        (item, item.outcome.observation)
        for item in judged
        if isinstance(item.outcome, Refusal) and item.outcome.observation is not None
    ]
    if not doubtful:
        return
    stored = _stored_counts({observation.key for _, observation in doubtful})
    for item, observation in doubtful:
        if observation.key in stored:
            item.outcome = _settle(observation, {}, stored)


def _count(judged: list[_Judged]) -> None:
    for item in judged:
        if isinstance(item.outcome, Observation):
            item.receipt.accepted += 1
        elif item.outcome is _DUPLICATE:
            item.receipt.duplicate += 1
        else:
            item.receipt.refused[item.index] = item.outcome


def _note_seen(batches: list[Batch], master: MasterData) -> None:
    """When each camera was last heard from; a heartbeat says so too, and what was refused."""
    heard: dict[int, int] = {}
    for batch in batches:
        for code, at in _heard(batch):
            if code in master.cameras:
                camera_id = master.cameras[code].id
                heard[camera_id] = max(at, heard.get(camera_id, at))
    dialect.raise_to(Camera, "last_seen_at", sorted(heard.items()))


def _heard(batch: Batch) -> Iterable[tuple[str, int]]:
    """The cameras that spoke, and when: a key's own, else those that its events name."""
    own, default = batch.sender
    if not batch.message.items and own in (None, default or own):  # else a heartbeat is refused
        yield own or default or "", batch.newest_at
    for item, at in zip(batch.message.items, batch.received_at, strict=True):
        named = None if isinstance(item, str) else item.camera_id
        yield own or named or default or "", at
