"""Within an event's page: all that reviewers said of it."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from events.admin import words
from events.models import Verdict
from workers.admin.base import SiteScopedInline
from workers.admin.columns import DASH


class VerdictInline(SiteScopedInline):
    """All that was said, newest first."""

    model = Verdict
    verbose_name_plural = "what reviewers said"
    ordering = ["-pk"]
    fields = ["given", "who", "what", "counts", "purpose", "reason", "standing"]
    readonly_fields = fields
    can_delete = False
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Verdict]":
        """With what its columns need."""
        rows: QuerySet[Verdict] = super().get_queryset(request)
        return rows.select_related("reviewer", "worker", "workstation", "event")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the actions alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    @admin.display(description="given (UTC)")
    def given(self, verdict: Verdict) -> str:
        """When."""
        return f"{verdict.given_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="by")
    def who(self, verdict: Verdict) -> str:
        """Their log-in name."""
        return str(verdict.reviewer)

    @admin.display(description="verdict")
    def what(self, verdict: Verdict) -> str:
        """In a word."""
        return str(verdict.get_verdict_display())

    @admin.display(description="counts as")
    def counts(self, verdict: Verdict) -> str:
        """By this verdict alone."""
        if verdict.verdict == Verdict.Kind.UNCLEAR:
            return DASH
        return words.counts_as(verdict)

    @admin.display(description="now")
    def standing(self, verdict: Verdict) -> str:
        """Whether figures follow it."""
        if verdict.undone_at:
            return f"taken back {verdict.undone_at:%Y-%m-%d %H:%M}"
        if verdict.replaced_at:
            return f"replaced {verdict.replaced_at:%Y-%m-%d %H:%M}"
        return "in force" if verdict.in_force else "stands, not in force"
