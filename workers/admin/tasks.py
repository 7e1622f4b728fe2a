"""Admin page of background tasks: what the worker does, and whether it does."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from common import clock
from common.instants import to_ms
from workers import tasks
from workers.admin.moments import utc
from workers.admin.upkeep import UpkeepAdmin
from workers.models import BackgroundTask

NOT_RUNNING = (
    "The worker isn't running: notifications, checks and recalculations wait. "
    "Start it with: manage.py run_worker"
)


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(UpkeepAdmin):
    """The worker keeps it."""

    list_display = ["path", "standing", "last_run", "took", "due", "last_error"]
    ordering = ["path"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[BackgroundTask]":
        """Those that settings still name."""
        rows: QuerySet[BackgroundTask] = super().get_queryset(request)
        return rows.filter(path__in=[path for path, _ in settings.WORKER_TASKS])

    def standstill(self) -> str:
        """When the worker is late."""
        return NOT_RUNNING if tasks.worker_is_late(to_ms(clock.now())) else ""

    @display(description="now", label={"failing": "danger", "late": "warning", "runs": "info"})
    def standing(self, task: BackgroundTask) -> str:
        """In one word."""
        return tasks.standing_of(task, now_ms=to_ms(clock.now()))

    @admin.display(description="last run (UTC)")
    def last_run(self, task: BackgroundTask) -> str:
        """When it last ended."""
        return utc(task.last_ended_at)

    @admin.display(description="took")
    def took(self, task: BackgroundTask) -> str:
        """How long its last run was."""
        if not task.last_started_at or not task.last_ended_at:
            return "–"
        length: timedelta = task.last_ended_at - task.last_started_at
        return "–" if length < timedelta(0) else f"{length.total_seconds():,.1f} s"

    @admin.display(description="due (UTC)")
    def due(self, task: BackgroundTask) -> str:
        """When it is to run next."""
        return utc(task.due_at)
