"""Work that goes on by itself: when each task is due, who runs it, and how it went."""

from django.db import models

from common.fields import InstantField


class BackgroundTask(models.Model):
    """One entry of settings.WORKER_TASKS; workers agree through it on who runs it."""

    path = models.CharField("task", max_length=200)
    due_at = InstantField()
    # Whose it is until then; who dies loses it when the time is over.
    claimed_by = models.CharField(max_length=32, blank=True)
    claimed_until = InstantField(null=True)
    last_started_at = InstantField(null=True)
    last_ended_at = InstantField(null=True)
    failures = models.PositiveIntegerField("failures in a row", default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path"], name="task_is_kept_once")]

    def __str__(self) -> str:
        return self.path
