"""Stores what came from Kafka through the same function as the direct way, in one transaction.

A message that can't be stored goes aside and does not hold up the others.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError, transaction

from common import dialect
from events.domain.batch import Batch, Receipt
from events.domain.judgement import Sender
from events.domain.wire import Message
from events.models import StreamPosition
from events.one_writer import SiteGoneError
from events.store import store
from events.stream import positions
from events.stream.messages import Delivered
from events.stream.positions import Progress
from events.stream.reading import Dead, Originals, Said, read
from workers.models import Site

# The database is away or busy, or its tables are still to come: no fault of the messages.
PASSING = (OperationalError, InterfaceError, ProgrammingError)
MOST_FAULTS = 20  # in a row: then it is not the messages that are at fault

log = logging.getLogger(__name__)


class Letter(NamedTuple):
    """A message that could not be stored, and why."""

    message: Delivered
    reason: str


_Read = tuple[Delivered, Said | Dead]


@dataclass(frozen=True, slots=True)
class Moment:
    """What else is known when messages are stored: the ends of their partitions, and the time."""

    ends: Mapping[int, int]
    now: int


def store_messages(messages: Iterable[Delivered], at: Moment) -> list[Letter]:
    """Stores all that can be; the rest is for the dead letters.

    Raises one of PASSING: then some may be stored, or none. Safe to repeat.
    """
    both = [(message, read(message)) for message in messages]
    try:
        return _store(both, at)
    except PASSING:
        raise
    except Exception:
        log.exception("%s messages could not be stored together; now in smaller parts.", len(both))
        return _Apart(at).store(both)


class _Apart:
    """Stores parts of what could not be stored as a whole, down to single messages."""

    def __init__(self, at: Moment) -> None:
        self._at = at
        self._faults = 0

    def store(self, both: list[_Read]) -> list[Letter]:
        """In order, so that positions only move on."""
        if len(both) == 1:
            return self._store_one(both[0])
        middle = len(both) // 2
        return [*self._store_part(both[:middle]), *self._store_part(both[middle:])]

    def _store_part(self, part: list[_Read]) -> list[Letter]:
        try:
            letters = _store(part, self._at)
        except PASSING:
            raise
        except Exception:
            if len(part) == 1 and self._faults >= MOST_FAULTS:
                raise
            return self.store(part)
        self._faults = 0
        return letters

    def _store_one(self, one: _Read) -> list[Letter]:
        try:
            return _store([one], self._at)
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            self._faults += 1
            log.warning("A message can't be stored and goes to the dead letters. %s", error)
            reason = f"Could not be stored: {type(error).__name__}: {error}"[:300]
            message, what = one
            return _store([(message, Dead(reason, what.site_code))], self._at)


def _store(both: Sequence[_Read], at: Moment) -> list[Letter]:
    while True:
        try:
            return _store_once(both, at)
        except SiteGoneError:  # deleted in this very moment: the next look does not find it
            continue


@dialect.retried
def _store_once(both: Sequence[_Read], at: Moment) -> list[Letter]:
    with transaction.atomic():
        rows = positions.lock(settings.KAFKA_TOPIC, {message.partition for message, _ in both})
        plan = _Plan(both, rows)
        runs = plan.runs
        for run, receipt in zip(runs, store([run.batch() for run in runs]), strict=True):
            plan.count(run, receipt)
        positions.move(rows, plan.progress, ends=at.ends, now=at.now)
    return plan.letters


class _Belonging(NamedTuple):
    """What goes into one batch has all of this in common."""

    sender: Sender
    came_before: bool
    is_dead: bool


@dataclass(slots=True)
class _Run:
    """Messages of one site and partition, one after the other, that go into one batch."""

    site_id: int
    partition: int
    common: _Belonging
    said: list[Said] = field(default_factory=list)

    def batch(self) -> Batch:
        """As the direct way has them; a heartbeat is one without items."""
        times = [each.received_at for each in self.said]
        items = [each.item for each in self.said if each.item is not None]
        values = Originals(self.said) if items else None
        message = Message(items, None, is_single=False, body=b"", is_ndjson=False, values=values)
        now = None if items else times[0]
        sender, before = self.common.sender, self.common.came_before
        return Batch(self.site_id, sender, message, times if items else [], now, before)


class _Plan:
    """Which batches to store, and which messages can't be; then, what has become of them."""

    def __init__(self, both: Sequence[_Read], rows: Mapping[int, StreamPosition]) -> None:
        self.runs: list[_Run] = []
        self.letters: list[Letter] = []
        self.progress: defaultdict[int, Progress] = defaultdict(Progress)
        self._rows = rows
        self._open: dict[tuple[int, int], _Run] = {}
        codes = {what.site_code for _, what in both}
        known = Site.objects.filter(code__in=codes - {None}).values_list("code", "pk")
        self._site_ids = dict(known)
        for message, what in both:
            self._add(message, what)

    def count(self, run: _Run, receipt: Receipt) -> None:
        """A message that came before was counted then, except for what it adds now."""
        done = self.progress[run.partition]
        done.stored += receipt.accepted
        if run.common.came_before:
            return
        done.duplicate += receipt.duplicate
        if run.common.is_dead:
            done.dead += len(receipt.refused)
        else:
            done.refused += len(receipt.refused)

    def _add(self, message: Delivered, what: Said | Dead) -> None:
        before = self._note(message)
        site_id = self._site_ids.get(what.site_code or "")
        if isinstance(what, Said) and site_id is not None:
            self._join(message, site_id, what, _Belonging(what.sender, before, is_dead=False))
            return
        reason = what.reason if isinstance(what, Dead) else f"There is no site {what.site_code!r}"
        self.letters.append(Letter(message, reason))
        if site_id is not None:  # listed there among the refused
            said = _listed(message, reason, site_id)
            self._join(message, site_id, said, _Belonging(said.sender, before, is_dead=True))
        elif not before:
            self.progress[message.partition].dead += 1

    def _note(self, message: Delivered) -> bool:
        row, done = self._rows[message.partition], self.progress[message.partition]
        before = positions.came_before(row, message)
        done.is_anew = done.is_anew or (not before and message.offset < row.next_offset)
        done.next_offset = max(done.next_offset, message.offset + 1)
        done.newest_at = max(done.newest_at, message.timestamp)
        return before

    def _join(self, message: Delivered, site_id: int, said: Said, common: _Belonging) -> None:
        """Order matters within a site; a heartbeat is a batch of its own."""
        where = site_id, message.partition
        run = self._open.get(where)
        if run is None or run.common != common or said.item is None:
            run = _Run(*where, common)
            self.runs.append(run)
            self._open[where] = run
        run.said.append(said)
        if said.item is None:
            del self._open[where]


def _listed(message: Delivered, reason: str, site_id: int) -> Said:
    return Said(str(site_id), Sender(None), reason, message.timestamp, message.value or b"")
