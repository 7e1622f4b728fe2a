"""Sums of a window: stored buckets, plus what is open, less what lies past as_of.

Open tails (the newest state of each worker) are not in the buckets yet; facts and pieces between
as_of and the end of its 5-minute bucket are in them already. Both are put right with the very
arithmetic that fills the buckets.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from common.dialect import Totals
from common.instants import HOUR_MS
from common.intervals import intersection, length, union
from events.domain.observation import COUNT, Observation
from metrics import tables
from metrics.domain import sums
from metrics.domain.cover import Cover, Label
from metrics.domain.sums import Delta
from metrics.domain.timeline import Piece, Point, Rules, clip, in_force, rules_of
from metrics.models import Bucket, WorkstationBucket
from metrics.queries import kept
from metrics.queries.ahead import Ahead, ahead_of, end_of
from metrics.queries.question import Question

Rows = list[tuple[Label, int, int, list[int]]]  # label, worker, workstation, sums


def sums_by_worker(question: Question, cover: Cover, corrections: "Corrections") -> Rows:
    """The sums of every (label, worker, workstation) in which there is anything."""
    asked = _asked(question, cover, group_by=["worker_id", "workstation_id"])
    stored = kept.totals(Bucket, asked, goes_on=question.window.reaches_now)
    rows: Rows = [
        (cover.meaning[label], worker_id, workstation_id, row)
        for label, worker_id, workstation_id, *row in stored
    ]
    for label, worker_id, workstation_id, row in corrections.rows(question, cover):
        rows.append((label, worker_id, workstation_id, row))
    return rows


def sums_by_cohort(
    question: Question, cover: Cover, corrections: "Corrections"
) -> list[tuple[Label, int, list[int]]]:
    """The sums of every (label, cohort), all workers of a cohort together."""
    cohorts = ("worker_id", sorted(question.cohort_of.items()))
    asked = _asked(question, cover, cohorts=cohorts)
    stored = kept.totals(Bucket, asked, goes_on=question.window.reaches_now)
    rows = [(cover.meaning[label], cohort, row) for label, cohort, *row in stored]
    for label, worker_id, _, row in corrections.rows(question, cover):
        rows.append((label, question.cohort_of[worker_id], row))
    return rows


def _asked(question: Question, cover: Cover, **more: Any) -> Totals:
    only = [
        (column, [each.id for each in infos])
        for column, code, infos in (
            ("worker_id", question.worker_code, question.workers),
            ("workstation_id", question.workstation_code, question.workstations),
        )
        if code is not None
    ]
    return Totals(
        question.master.site_id,
        cover.rows,
        sums.ADDED,
        greatest=[sums.NEWEST],  # it may lie past as_of; the corrections know the last one before
        below=question.window.as_of,
        only=only,
        **more,
    )


class Corrections:
    """What the buckets lack or have too much of, as of the window's end; of all the site's workers.

    A filter on workers does not narrow them, since a workstation's clock time is everybody's.
    """

    def __init__(
        self, question: Question, statuses: Mapping[int, Point], ahead: Ahead | None = None
    ) -> None:
        self.delta = Delta()
        self.tails = _tails(question, statuses)
        self.ahead: dict[int, list[Piece]] = {}
        for worker_id, tail in self.tails.items():
            self.delta.add_piece(worker_id, tail)
        if question.window.reaches_now:
            self._take_off(question, ahead or ahead_of([question]))

    def rows(self, question: Question, cover: Cover) -> Rows:
        """The corrections of the workers and workstations asked for, as sums of (label, …)."""
        asked = {station.id for station in question.workstations}
        return [
            (cover.label_at(max(start, question.window.start)), worker_id, workstation_id, row)
            for (start, worker_id, workstation_id), row in self.delta.rows.items()
            if worker_id in question.cohort_of
            and (question.workstation_code is None or workstation_id in asked)
        ]

    def _take_off(self, question: Question, ahead: Ahead) -> None:
        worker_ids = question.master.workers_by_id
        self.ahead = {each: ahead.pieces[each] for each in worker_ids if each in ahead.pieces}
        for worker_id, pieces in self.ahead.items():
            for piece in clip(pieces, question.window.as_of, end_of(question)):
                self.delta.add_piece(worker_id, piece, sign=-1)
        facts = [fact for each in worker_ids for fact in ahead.facts.get(each, ())]
        for fact in facts:
            self.delta.add_fact(fact, question.master.acceptance_threshold, sign=-1)
        for fact in _overruled(facts, rules_of(question.master)):
            self.delta.add_overruled(fact, sign=-1)
        for place in sorted({(fact.worker_id, fact.workstation_id) for fact in facts}):
            if place in ahead.newest:
                self.delta.add_newest(ahead.newest[place], *place)


def _overruled(facts: list[Observation], rules: Rules) -> Iterator[Observation]:
    by_worker: dict[int, list[Observation]] = defaultdict(list)
    for fact in facts:
        if fact.event_type != COUNT:
            by_worker[fact.worker_id].append(fact)
    for mine in by_worker.values():
        yield from in_force(mine, rules).overruled


def _tails(question: Question, statuses: Mapping[int, Point]) -> dict[int, Piece]:
    """The open part of each worker's timeline, as far as it lies in the window."""
    start, end = question.window.interval
    found: dict[int, Piece] = {}
    for worker_id, tail in tables.tails(statuses, question.master.horizon_at).items():
        found.update((worker_id, part) for part in clip([tail], start, end))
    return found


def presence_by_station(
    question: Question, cover: Cover, corrections: Corrections
) -> dict[int, list[int]]:
    """[present, working] clock time of each workstation in the site's scheduled time."""
    site_id, by = question.master.site_id, ["workstation_id"]
    asked = Totals(site_id, cover.rows, sums.PRESENCE, group_by=by)
    stored = kept.totals(WorkstationBucket, asked, goes_on=question.window.reaches_now)
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for label, workstation_id, present, working in stored:
        if cover.meaning[label].mask & 1:
            found[workstation_id][0] += present
            found[workstation_id][1] += working
    for workstation_id, change in _presence_corrections(question, corrections).items():
        found[workstation_id][0] += change[0]
        found[workstation_id][1] += change[1]
    return found


def _presence_corrections(question: Question, corrections: Corrections) -> dict[int, list[int]]:
    """Open tails join the unions, and what lies past as_of leaves them.

    Both at the few places where there is any.
    """
    tails: dict[int, list[Piece]] = defaultdict(list)
    for tail in corrections.tails.values():
        tails[tail.workstation_id].append(tail)
    stored = _stored_around(tails)
    found = {}
    for workstation_id, open_pieces in tails.items():
        regions = [(tail.start, tail.end) for tail in open_pieces]
        before = stored.get(workstation_id, [])
        found[workstation_id] = _difference(question, [*before, *open_pieces], before, regions)
    ahead: dict[int, list[Piece]] = defaultdict(list)
    for pieces in corrections.ahead.values():
        for piece in clip(pieces, question.window.as_of, end_of(question)):
            ahead[piece.workstation_id].append(piece)
    for workstation_id, pieces in ahead.items():
        present, working = sums.presence(pieces)
        if _is_scheduled_last(question):
            row = found.setdefault(workstation_id, [0, 0])
            row[0] -= sum(end - start for start, end in present)
            row[1] -= sum(end - start for start, end in working)
    return found


def _stored_around(tails: dict[int, list[Piece]]) -> dict[int, list[Piece]]:
    """The stored pieces at each tail's workstation that overlap the tail, by workstation."""
    regions = sorted(
        (workstation_id, tail.start - HOUR_MS, tail.end, tail.start)
        for workstation_id, mine in tails.items()
        for tail in mine
    )
    found: dict[int, list[Piece]] = defaultdict(list)
    for pieces in tables.pieces("workstation_id", regions).values():
        for piece in pieces:
            found[piece.workstation_id].append(piece)
    return found


def _difference(
    question: Question, after: list[Piece], before: list[Piece], regions: list[tuple[int, int]]
) -> list[int]:
    """How scheduled [present, working] grows from one set of pieces to the other, in regions."""
    where = intersection(union(regions), question.site_schedule)
    new, old = sums.presence(after), sums.presence(before)
    return [
        length(intersection(new[column], where)) - length(intersection(old[column], where))
        for column in (0, 1)
    ]


def _is_scheduled_last(question: Question) -> bool:
    """Whether the window's last 5-minute bucket is scheduled (borders never lie inside one)."""
    schedule = question.site_schedule
    return bool(schedule) and schedule[-1][1] == question.window.end
