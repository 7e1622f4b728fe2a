"""Admin page of background tasks: what the worker does, and whether it does."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.decorators import display

from common import clock
from common.instants import to_ms
from workers import tasks
from workers.admin.base import SuperuserOnly
from workers.models import BackgroundTask

NOT_RUNNING = (
    "The worker isn't running: notifications, checks and recalculations wait. "
    "Start it with: manage.py run_worker"
)


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    """Read-only: the worker keeps it."""

    list_display = ["path", "standing", "last_run", "took", "due", "last_error"]
    list_display_links = None
    ordering = ["path"]
    sortable_by = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> "QuerySet[BackgroundTask]":
        """Those that settings still name."""
        rows: QuerySet[BackgroundTask] = super().get_queryset(request)
        return rows.filter(path__in=[path for path, _ in settings.WORKER_TASKS])

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, str] | None = None
    ) -> HttpResponse:
        """Says so when nobody does the work."""
        if tasks.worker_is_late(to_ms(clock.now())):
            self.message_user(request, NOT_RUNNING, messages.WARNING)
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Settings name them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    @display(description="now", label={"failing": "danger", "late": "warning", "runs": "info"})
    def standing(self, task: BackgroundTask) -> str:
        """In one word."""
        return tasks.standing_of(task, now_ms=to_ms(clock.now()))

    @admin.display(description="last run (UTC)")
    def last_run(self, task: BackgroundTask) -> str:
        """When it last ended."""
        return _moment(task.last_ended_at)

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
        return _moment(task.due_at)


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "–"
