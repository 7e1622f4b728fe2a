"""The book of background tasks: what is due, whose it is, how it went.

Several workers at once run a task once for each time that it is due: a claim is one conditional
UPDATE. Each write can be repeated.
"""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db.models import Q, QuerySet

from common import dialect
from common.instants import MINUTE_MS, SECOND_MS, to_ms
from workers.models import BackgroundTask

GRACE_MS = 2 * MINUTE_MS  # `run_worker --once` from cron comes once a minute
FIRST_RETRY_MS = 10 * SECOND_MS  # doubled with each failure in a row
LAST_RETRY_MS = 5 * MINUTE_MS


def enter(paths: Iterable[str], *, now_ms: int) -> None:
    """New tasks are due at once; known ones stay as they are."""
    rows = [(path, now_ms, "", 0, "") for path in sorted(paths)]
    columns = ("path", "due_at", "claimed_by", "failures", "last_error")
    dialect.insert_missing(BackgroundTask, columns, ["path"], rows)


def claim_due(paths: Collection[str], *, by: str, now_ms: int, lease_ms: int) -> list[str]:
    """Those of the tasks that are due and are the caller's from now on, the longest due first."""
    due = _free(now_ms).filter(path__in=paths, due_at__lte=now_ms).order_by("due_at", "id")
    return [
        path
        for path, due_at in due.values_list("path", "due_at")
        if _free(now_ms)
        .filter(path=path, due_at=to_ms(due_at))
        .update(claimed_by=by, claimed_until=now_ms + lease_ms, last_started_at=now_ms)
    ]


def keep(paths: Collection[str], *, by: str, until_ms: int) -> None:
    """The caller still runs these."""
    BackgroundTask.objects.filter(path__in=paths, claimed_by=by).update(claimed_until=until_ms)


def settle(path: str, *, by: str, every_s: int, error: str, now_ms: int) -> None:
    """The task has ended; a failed one is tried again sooner or later than a sound one is due."""
    own = BackgroundTask.objects.filter(path=path, claimed_by=by)
    task = own.first()
    if task is None or task.last_started_at is None:
        return  # its time was over, and another worker has it
    failures = task.failures + 1 if error else 0
    due = to_ms(task.last_started_at) + every_s * SECOND_MS
    own.update(
        claimed_by="",
        claimed_until=None,
        due_at=now_ms + retry_pause_ms(failures) if error else max(due, now_ms),
        last_ended_at=now_ms,
        failures=failures,
        last_error=error,
    )


def retry_pause_ms(failures: int) -> int:
    """How long a task rests after so many failures in a row."""
    doublings = min(failures - 1, 16)
    return int(min(FIRST_RETRY_MS * 2**doublings, LAST_RETRY_MS))


def worker_is_late(now_ms: int) -> bool:
    """Whether something has been due for minutes and nobody runs it: no worker seems to run."""
    paths = {path for path, _ in settings.WORKER_TASKS}
    known = BackgroundTask.objects.filter(path__in=paths)
    return known.count() < len(paths) or late_tasks(now_ms).filter(path__in=paths).exists()


def standing_of(task: BackgroundTask, *, now_ms: int) -> str:
    """`runs`, `failing`, `late` or `waits`."""
    if task.claimed_until and to_ms(task.claimed_until) > now_ms:
        return "runs"
    if task.failures:
        return "failing"
    return "late" if to_ms(task.due_at) < now_ms - GRACE_MS else "waits"


def late_tasks(now_ms: int) -> QuerySet[BackgroundTask]:
    """Tasks that should have been started minutes ago."""
    return _free(now_ms).filter(due_at__lt=now_ms - GRACE_MS)


def _free(now_ms: int) -> QuerySet[BackgroundTask]:
    return BackgroundTask.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now_ms))
