"""What /metrics says of background tasks and of sites."""

from collections.abc import Iterator

from django.db.models import Max

from common.instants import SECOND_MS, to_ms
from common.telemetry import Metric, gauge
from workers.models import BackgroundTask, Camera, Site


def collect(now_ms: int) -> Iterator[Metric]:
    """Three statements."""
    yield from _tasks(now_ms)
    heard = Camera.objects.filter(last_seen_at__isnull=False).order_by("site__code")
    newest = heard.values_list("site__code").annotate(at=Max("last_seen_at"))
    found = {code: to_ms(at) / SECOND_MS for code, at in newest}
    words = "When any camera of the site was last heard from."
    yield gauge("factory_site_last_heard_timestamp_seconds", words, found, "site")
    waiting = Site.objects.filter(recalculation_due_at__isnull=False).count()
    yield gauge("factory_sites_recalculating", "Sites whose sums follow an old setting.", waiting)


def _tasks(now_ms: int) -> Iterator[Metric]:
    tasks = list(BackgroundTask.objects.order_by("path"))
    late = {
        task.path: 0 if _runs(task, now_ms) else max(0, now_ms - to_ms(task.due_at)) / SECOND_MS
        for task in tasks
    }
    failures = {task.path: float(task.failures) for task in tasks}
    words = "How long a background task has been due without being started."
    yield gauge("factory_task_overdue_seconds", words, late, "task")
    yield gauge("factory_task_failures", "Its failures in a row.", failures, "task")


def _runs(task: BackgroundTask, now_ms: int) -> bool:
    return task.claimed_until is not None and to_ms(task.claimed_until) > now_ms
