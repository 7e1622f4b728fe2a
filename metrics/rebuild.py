"""Makes spans, statuses and sums again from the facts, and compares them with what is stored.

One worker per transaction, then one workstation per transaction, so that ingest goes on and readers
see old or new.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F

from common import dialect
from events.derived import Step
from events.models import Event
from events.queries import events_of
from metrics import tables
from metrics.domain import sums
from metrics.domain.derivation import Derived, derive
from metrics.domain.timeline import rules_of
from metrics.models import Bucket, Span, WorkerStatus, WorkstationBucket
from workers.models import Site
from workers.queries import master_data

SMALL_SITE = 20_000  # events that are recomputed within about a second, while the admin waits


def recalculate(site_id: int) -> None:
    """After a change of ttl or threshold.

    At once for a small site, else the worker does it (`rebuild_due`).
    """
    if len(Event.objects.filter(site_id=site_id).values_list("pk")[: SMALL_SITE + 1]) <= SMALL_SITE:
        rebuild_site(site_id)


def rebuild_site(site_id: int) -> None:
    """Makes all derived rows of a site again. Safe to repeat, and to stop at any point."""
    due = Site.objects.values_list("recalculation_due_at", flat=True).get(pk=site_id)
    for step in rebuild_steps(site_id):
        step.run()
    settle(site_id, due)


def rebuild_due(now_ms: int) -> None:
    """Rebuilds every site whose sums follow an older setting: a background task."""
    due = Site.objects.exclude(recalculation_due_at=None).order_by("recalculation_due_at", "pk")
    for site_id in due.values_list("pk", flat=True):
        rebuild_site(site_id)


def settle(site_id: int, due: datetime | None) -> None:
    """What was due when the rebuild began is done; what became due since stays so."""
    Site.objects.filter(pk=site_id, recalculation_due_at=due).update(recalculation_due_at=None)
    Site.objects.filter(pk=site_id).update(revision=F("revision") + 1)


def rebuild_steps(site_id: int) -> Iterator[Step]:
    """The steps of a rebuild, in order."""
    yield from _steps(site_id, _rebuild_worker, _rebuild_workstation)


def verify_steps(site_id: int) -> Iterator[Step]:
    """The steps of a verification: nothing is written."""
    yield from _steps(site_id, _verify_worker, _verify_workstation)


def _steps(
    site_id: int,
    of_worker: Callable[[Site, int], str | None],
    of_station: Callable[[Site, int], str | None],
) -> Iterator[Step]:
    site = Site.objects.get(pk=site_id)
    for worker in site.workers.order_by("pk"):
        yield Step(f"worker {worker.code}", partial(_locked, site_id, of_worker, worker.pk))
    for station in site.workstations.order_by("pk"):
        yield Step(f"workstation {station.code}", partial(_locked, site_id, of_station, station.pk))


@dialect.retried
def _locked(site_id: int, do: Callable[[Site, int], str | None], pk: int) -> str | None:
    """With the site's one writer held off."""
    with transaction.atomic():
        return do(Site.objects.select_for_update(no_key=True).get(pk=site_id), pk)


def _derived(site: Site, worker_id: int) -> Derived:
    master = master_data(site)
    return derive(
        worker_id,
        events_of(worker_id, master),
        rules_of(master),
        threshold=master.acceptance_threshold,
    )


def _rebuild_worker(site: Site, worker_id: int) -> None:
    new = _derived(site, worker_id)
    tables.mark_all_days(site.pk)
    for model in (Span, Bucket):
        dialect.delete(model, ["worker_id"], [(worker_id,)])
    tables.replace_spans(removed=[], written=[(worker_id, piece) for piece in new.pieces])
    tables.add_sums(site.pk, new.delta, {})
    tables.write_statuses({worker_id: new.status})


def _rebuild_workstation(site: Site, workstation_id: int) -> None:
    tables.mark_all_days(site.pk)
    dialect.delete(WorkstationBucket, ["workstation_id"], [(workstation_id,)])
    tables.add_sums(site.pk, sums.Delta(), _presence(workstation_id))


def _presence(workstation_id: int) -> dict[tuple[int, int], list[int]]:
    of_all_workers = sums.presence(tables.pieces_at(workstation_id))
    return {
        (start, workstation_id): row for start, row in sums.presence_sums(of_all_workers).items()
    }


def _verify_worker(site: Site, worker_id: int) -> str | None:
    new = _derived(site, worker_id)
    status = set() if new.status is None else {(worker_id, *new.status)}
    return (
        _difference(
            "span",
            {(worker_id, *piece) for piece in new.pieces},
            _stored(Span, tables.SPAN, worker_id),
        )
        or _difference("status", status, _stored(WorkerStatus, tables.STATUS, worker_id))
        or _difference(
            "bucket",
            set(tables.bucket_rows(site.pk, new.delta)),
            _stored(Bucket, (*tables.BUCKET_KEY, *sums.ADDED, sums.NEWEST), worker_id),
        )
    )


def _verify_workstation(site: Site, workstation_id: int) -> str | None:
    columns = (*tables.PRESENCE_KEY, *sums.PRESENCE)
    stored = set(
        dialect.matching(WorkstationBucket, columns, ["workstation_id"], [(workstation_id,)])
    )
    return _difference(
        "workstation bucket", set(tables.presence_rows(site.pk, _presence(workstation_id))), stored
    )


def _stored(
    model: type[Span | WorkerStatus | Bucket], columns: tuple[str, ...], worker_id: int
) -> set[dialect.Row]:
    return set(dialect.matching(model, columns, ["worker_id"], [(worker_id,)]))


def _difference(kind: str, expected: set[dialect.Row], stored: set[dialect.Row]) -> str | None:
    missing, wrong = sorted(expected - stored), sorted(stored - expected)
    if missing:
        return f"{kind} expected and not stored: {missing[0]}"
    return f"{kind} stored and not expected: {wrong[0]}" if wrong else None
