"""What is counted of events on their way in, and how many were refused lately."""

from collections import Counter as Tally
from collections.abc import Iterator

from django.db.models import Sum

from common.instants import HOUR_MS
from common.telemetry import COUNTERS, SECONDS, Counter, Gauge, Histogram, Metric, gauge
from events.domain.batch import Receipt
from events.models import RefusedEvent
from workers.models import Site

# Not by site: the number of series would follow the number of sites, times all reasons. When a site
# was last heard from, workers.telemetry tells.
EVENTS = Counter(
    "factory_ingested_events",
    "Events taken in, by outcome, and of the refused by reason.",
    ["outcome", "code"],
    registry=COUNTERS,
)
GROUP = Histogram(
    "factory_writer_group_batches",
    "Batches that shared a commit of the direct sink.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
    registry=COUNTERS,
)
WAITING = Gauge(
    "factory_writer_waiting_batches",
    "Batches that waited for the writer when it last looked; 512 is full.",
    multiprocess_mode="livesum",
    registry=COUNTERS,
)
TRANSACTION = Histogram(
    "factory_store_transaction_seconds",
    "Transactions that stored facts, with all that follows from them.",
    buckets=(0.001, 0.0025, *SECONDS),
    registry=COUNTERS,
)
PROJECTION = Histogram(
    "factory_projection_seconds",
    "Of that, what each projection took for the facts of one site.",
    ["projection"],
    buckets=(0.001, 0.0025, *SECONDS),
    registry=COUNTERS,
)
_accepted, _duplicate = EVENTS.labels("accepted", ""), EVENTS.labels("duplicate", "")
_queued = EVENTS.labels("queued", "")


def count(receipt: Receipt) -> None:
    """What became of one message's events."""
    if receipt.accepted:
        _accepted.inc(receipt.accepted)
    if receipt.duplicate:
        _duplicate.inc(receipt.duplicate)
    if receipt.queued:
        _queued.inc(receipt.queued)
    if receipt.refused:
        for code, n in Tally(refusal.code for refusal in receipt.refused.values()).items():
            EVENTS.labels("refused", code).inc(n)


def collect(now_ms: int) -> Iterator[Metric]:
    """Refused events of the last hour, however they came; two statements."""
    sites = list(Site.objects.values_list("id", flat=True))
    lately = RefusedEvent.objects.filter(site__in=sites, last_received_at__gte=now_ms - HOUR_MS)
    found = dict(lately.order_by("code").values_list("code").annotate(n=Sum("count")))
    words = "Refused events that were sent within the last hour, by reason."
    yield gauge("factory_refused_events_last_hour", words, found, "code")
