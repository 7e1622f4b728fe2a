"""Keeps sums and bins of confidences in step with the facts, in the transaction that stores them.

Of the facts as reported: what reviewers say of them changes nothing here.
"""

from collections.abc import Iterable
from typing import NamedTuple

from common import dialect
from drift import segments
from drift.domain import buckets
from drift.domain.buckets import Seen
from drift.models import ConfidenceBin, ConfidenceBucket
from events.domain.change import Change
from workers.domain.master import MasterData

KEY = ("segment_id", "start_at")
SUMS = ("n", "s1", "s2")


class Rows(NamedTuple):
    """Rows to be added, in the order of their keys."""

    buckets: list[dialect.Row]
    bins: list[dialect.Row]


def project(change: Change) -> None:
    """The projection: called once per site and transaction, after the facts are stored."""
    add(rows_of(change.master, change.facts_added))


def rows_of(master: MasterData, facts: Iterable[Seen]) -> Rows:
    """What facts of a site add to its buckets and bins."""
    groups = buckets.grouped(facts)
    numbers = segments.numbers_of(master, {group[:3] for group in groups})
    sums: list[dialect.Row] = []
    bins: dict[tuple[int, int], list[int]] = {}
    for (camera, version, kind, start), confidences in groups.items():
        number = numbers[camera, version, kind]
        sums.append((number, start, *buckets.sums(confidences)))
        key = (number, buckets.hour_of(start))
        if key not in bins:
            bins[key] = [0] * len(buckets.COLUMNS)
        buckets.count(confidences, bins[key])
    return Rows(sorted(sums), sorted((*key, *row) for key, row in bins.items()))


def add(rows: Rows) -> None:
    """Adds rows to what is stored."""
    dialect.upsert(ConfidenceBucket, KEY, rows.buckets, dialect.Merge(add=SUMS))
    dialect.upsert(ConfidenceBin, KEY, rows.bins, dialect.Merge(add=buckets.COLUMNS))
