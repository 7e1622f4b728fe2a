"""What /metrics says of alerts, reviews that wait, and messages that wait or were given up."""

from collections.abc import Iterator

from django.db.models import Count, Min

from common.instants import DAY_MS, SECOND_MS, to_ms
from common.telemetry import Metric, gauge
from drift.models import Alert, OutboxMessage, ReviewItem
from drift.models.alerts import Severity, Status


def collect(now_ms: int) -> Iterator[Metric]:
    """Four statements."""
    unresolved = Alert.objects.exclude(status=Status.RESOLVED).order_by("severity")
    found = dict(unresolved.values_list("severity").annotate(n=Count("id")))
    counts = dict.fromkeys(Severity.values, 0) | found
    yield gauge("factory_open_alerts", "Alerts that nobody has resolved.", counts, "severity")
    due = ReviewItem.objects.filter(status=ReviewItem.Status.WAITING).count()
    yield gauge("factory_review_backlog", "Events that wait for a second look.", due)
    yield from _outbox(now_ms)


def _outbox(now_ms: int) -> Iterator[Metric]:
    waiting = OutboxMessage.objects.filter(sent_at__isnull=True, gave_up=False)
    told = waiting.aggregate(n=Count("id"), since=Min("announced_at"))
    age = (now_ms - to_ms(told["since"])) / SECOND_MS if told["n"] else 0
    lost = OutboxMessage.objects.filter(gave_up=True, announced_at__gte=now_ms - DAY_MS).count()
    yield gauge("factory_outbox_waiting", "Mails and webhooks not yet delivered.", told["n"])
    yield gauge("factory_outbox_oldest_seconds", "How long the oldest of them waits.", max(age, 0))
    yield gauge("factory_outbox_given_up_last_day", "Messages given up within a day.", lost)
