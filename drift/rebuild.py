"""Makes sums and bins of confidences again from the facts, and compares them with what is stored.

One UTC day per transaction, so that ingest goes on. Days before the oldest fact are left alone:
what was learnt from facts outlives their removal.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from django.db import transaction
from django.db.models import Max, Min

from common import dialect
from common.instants import DAY_MS, floor_to, to_datetime, to_ms
from drift import histogram
from drift.domain.buckets import COLUMNS
from drift.histogram import KEY, SUMS, Rows
from drift.models import ConfidenceBin, ConfidenceBucket, Segment
from events.derived import Step
from events.domain.observation import COLUMNS as OBSERVED
from events.domain.observation import Observation
from events.models import Event
from workers.models import Site
from workers.queries import master_data


def rebuild_steps(site_id: int) -> Iterator[Step]:
    """The steps of a rebuild, day by day."""
    yield from _steps(site_id, _rebuild_day)


def verify_steps(site_id: int) -> Iterator[Step]:
    """The steps of a verification: nothing is written."""
    yield from _steps(site_id, _verify_day)


def _steps(site_id: int, of_day: Callable[[Site, int], str | None]) -> Iterator[Step]:
    for day in _days(site_id):
        name = f"confidences of {to_datetime(day):%Y-%m-%d}"
        yield Step(name, partial(_locked, site_id, of_day, day))


def _days(site_id: int) -> range:
    """From the oldest fact to the newest fact or bucket."""
    facts = Event.objects.filter(site_id=site_id).aggregate(
        first=Min("occurred_at"), last=Max("occurred_at")
    )
    kept = ConfidenceBucket.objects.filter(segment__camera__site_id=site_id)
    last = [each for each in (facts["last"], kept.aggregate(last=Max("start_at"))["last"]) if each]
    if not facts["first"]:
        return range(0)
    return range(floor_to(to_ms(facts["first"]), DAY_MS), to_ms(max(last)) + 1, DAY_MS)


@dialect.retried
def _locked(site_id: int, do: Callable[[Site, int], str | None], day: int) -> str | None:
    """With the site's one writer held off."""
    with transaction.atomic():
        return do(Site.objects.select_for_update(no_key=True).get(pk=site_id), day)


def _rebuild_day(site: Site, day: int) -> None:
    for model in (ConfidenceBucket, ConfidenceBin):
        dialect.delete(model, KEY, sorted(_stored(model, site, day, KEY)))
    histogram.add(_expected(site, day))


def _verify_day(site: Site, day: int) -> str | None:
    expected = _expected(site, day)
    sums = _stored(ConfidenceBucket, site, day, (*KEY, *SUMS))
    bins = _stored(ConfidenceBin, site, day, (*KEY, *COLUMNS))
    transaction.set_rollback(True)  # a segment made for the comparison is not kept
    return _difference("sums", expected.buckets, sums) or _difference("bins", expected.bins, bins)


def _expected(site: Site, day: int) -> Rows:
    """From the facts as reported."""
    whole = (site.pk, day, day + DAY_MS - 1)
    rows = dialect.within(Event, OBSERVED, ("site_id", "occurred_at"), [whole])
    return histogram.rows_of(master_data(site), (Observation(*row) for row in rows))


def _stored(
    model: type[ConfidenceBucket | ConfidenceBin], site: Site, day: int, columns: Sequence[str]
) -> list[dialect.Row]:
    numbers = Segment.objects.filter(camera__site=site).values_list("pk", flat=True)
    days = [(number, day, day + DAY_MS - 1) for number in sorted(numbers)]
    return dialect.within(model, columns, ("segment_id", "start_at"), days)


def _difference(kind: str, expected: list[dialect.Row], stored: list[dialect.Row]) -> str | None:
    missing, wrong = sorted({*expected} - {*stored}), sorted({*stored} - {*expected})
    if missing:
        return f"{kind} expected and not stored: {missing[0]}"
    return f"{kind} stored and not expected: {wrong[0]}" if wrong else None
