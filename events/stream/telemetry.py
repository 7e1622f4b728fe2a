"""What /metrics says of Kafka: from the positions in the database, so that no consumer is asked."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily

from common.instants import SECOND_MS, to_ms
from common.telemetry import Metric, gauge
from events.models import StreamPosition
from events.stream import queries

OUTCOMES = ("stored", "duplicate", "refused", "dead")


def collect(now_ms: int) -> Iterator[Metric]:
    """One statement. Nothing where Kafka was never used."""
    rows = queries.positions()
    if not rows:
        return
    words = "Messages of a partition that no consumer has stored yet."
    lag = {str(row.partition): float(row.lag) for row in rows}
    yield gauge("factory_stream_lag_messages", words, lag, "partition")
    words = "How long a partition in which messages wait has not moved."
    idle = {str(row.partition): _idle_seconds(row, now_ms) for row in rows}
    yield gauge("factory_stream_stuck_seconds", words, idle, "partition")
    words = "Messages taken from Kafka, by outcome."
    taken = CounterMetricFamily("factory_stream_messages", words, labels=["outcome"])
    for outcome in OUTCOMES:
        taken.add_metric([outcome], sum(getattr(row, outcome) for row in rows))
    yield taken


def _idle_seconds(row: StreamPosition, now_ms: int) -> float:
    """From the last move on; a partition that never moved shows by its lag alone."""
    if not row.lag or row.moved_at is None:
        return 0
    return max(0, now_ms - to_ms(row.moved_at)) / SECOND_MS
