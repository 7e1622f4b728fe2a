"""The derived rows as they are stored, named by codes.

And the same rows as the oracle expects them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from common.instants import to_ms
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from tests.laws.logs import TTLS
from tests.laws.oracle import Oracle, Seen, Sums

PLACE = ("worker__code", "workstation__code")
COLUMNS = tuple(field.name for field in fields(Sums))


@dataclass
class Rows:
    """All that follows from the events of a site."""

    spans: list[Any]
    statuses: list[Any]
    buckets: dict[Any, Sums]
    workstation_buckets: dict[Any, Any]


def stored_rows() -> Rows:
    spans = Span.objects.values_list(*PLACE, "state", "started_at", "ended_at")
    statuses = WorkerStatus.objects.values_list(*PLACE, "state", "started_at", "holds_until")
    buckets = Bucket.objects.values_list("grain", "start_at", *PLACE, *COLUMNS)
    unions = WorkstationBucket.objects.values_list(
        "grain", "start_at", "workstation__code", "present_any_ms", "working_any_ms"
    )
    return Rows(
        sorted(((*row[:3], *map(to_ms, row[3:])) for row in spans), key=repr),
        sorted((*row[:3], *map(to_ms, row[3:])) for row in statuses),
        {
            (grain, to_ms(start), worker, station): Sums(*amounts, to_ms(newest))
            for grain, start, worker, station, *amounts, newest in buckets
        },
        {(grain, to_ms(start), code): tuple(times) for grain, start, code, *times in unions},
    )


def expected_rows(oracle: Oracle) -> Rows:
    return Rows(oracle.spans(), oracle.statuses(), oracle.buckets(), oracle.workstation_buckets())


def check_rows(counted: Sequence[Seen], *, horizon: int = 0) -> None:
    """Every stored row is what the oracle says, and there is none besides."""
    expected, stored = expected_rows(Oracle(counted, TTLS, horizon=horizon)), stored_rows()
    assert stored.spans == expected.spans
    assert stored.statuses == expected.statuses
    assert stored.buckets == expected.buckets
    assert stored.workstation_buckets == expected.workstation_buckets
