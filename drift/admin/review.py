"""Admin pages of reviews: what was chosen, how much a site reviews, and frozen exports."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from common import clock
from common.instants import to_ms
from drift.admin import precision, review_queue
from drift.models import RetrainingExport, ReviewItem, ReviewPlan
from drift.reviewing import retraining
from workers.admin.base import FactAdmin, OwnSitesFilter, SiteScopedAdmin
from workers.admin_site import roles_in
from workers.models import Camera, Role, User


@admin.register(ReviewItem)
class ReviewItemAdmin(FactAdmin):
    """What was chosen, and what came of it; never how sure the model was."""

    view_role = Role.REVIEWER
    list_display = [
        "occurred",
        "event_type",
        "camera_code",
        "model_version",
        "purpose",
        "status",
        "word",
        "reviewer",
    ]
    list_filter = ["status", "purpose", "event_type", ("camera", OwnSitesFilter)]
    list_select_related = ["site", "camera", "verdict__reviewer"]
    search_fields = ["=camera__code", "=model_version"]
    search_help_text = "Code of a camera, or model version"
    empty_text = "Events that people are asked about. Chance chooses them as they come in."
    fields = ["site", *list_display, "chosen", "expires"]
    actions = ["freeze"]

    def get_urls(self) -> list[URLPattern]:
        """With the queue and what it has shown."""
        wrap = self.admin_site.admin_view
        return [
            path("queue/", wrap(review_queue.page), name="review_queue"),
            path("precision/", wrap(precision.page), name="review_precision"),
            *super().get_urls(),
        ]

    @admin.display(description="time (UTC)")
    def occurred(self, item: ReviewItem) -> str:
        """When the event happened."""
        return f"{item.occurred_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="camera")
    def camera_code(self, item: ReviewItem) -> str:
        """Its code."""
        return item.camera.code

    @admin.display(description="answer")
    def word(self, item: ReviewItem) -> str:
        """What the reviewer said."""
        return item.verdict.get_verdict_display() if item.verdict else "–"

    @admin.display(description="by")
    def reviewer(self, item: ReviewItem) -> str:
        """Who said so."""
        return str(item.verdict.reviewer) if item.verdict else "–"

    @admin.display(description="chosen (UTC)")
    def chosen(self, item: ReviewItem) -> str:
        """When it was chosen."""
        return f"{item.chosen_at:%Y-%m-%d %H:%M}"

    @admin.display(description="waits until (UTC)")
    def expires(self, item: ReviewItem) -> str:
        """When it expires."""
        return f"{item.expires_at:%Y-%m-%d %H:%M}" if item.expires_at else "–"

    def has_freeze_permission(self, request: HttpRequest) -> bool:
        """Admins of a site."""
        return roles_in(request).allow_somewhere(Role.ADMIN)

    @admin.action(description="Freeze their cameras' reviews for training", permissions=["freeze"])
    def freeze(self, request: HttpRequest, queryset: QuerySet[ReviewItem]) -> None:
        """One archive for each camera and model version among the items."""
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site"))
        pairs = own.order_by("camera", "model_version").values_list("camera", "model_version")
        for camera_id, version in pairs.distinct():
            camera = Camera.objects.select_related("site").get(pk=camera_id)
            self._freeze(request, retraining.Wanted(camera.site, camera, version))

    def _freeze(self, request: HttpRequest, wanted: retraining.Wanted) -> None:
        try:
            export = retraining.export_reviews(
                wanted, by=cast(User, request.user), now_ms=to_ms(clock.now())
            )
        except retraining.NothingReviewedError as error:
            self.message_user(request, f"{wanted.camera}: {error}", messages.WARNING)
            return
        page = reverse("admin:drift_retrainingexport_changelist")
        text = "{}: {} reviewed events are frozen as {}. <a href='{}'>All exports</a>"
        told = format_html(text, wanted.camera, export.events, export, page)
        self.message_user(request, told, messages.SUCCESS)


@admin.register(ReviewPlan)
class ReviewPlanAdmin(SiteScopedAdmin):
    """A site without one reviews the usual number."""

    fixed = ("site",)
    view_role = Role.REVIEWER
    fields = ["site", "per_week", "per_week_to_train", "target_pct"]
    list_display = ["site", "per_week", "per_week_to_train", "target_pct"]
    list_select_related = ["site"]
    ordering = ["site"]
    autocomplete_fields = ["site"]
    empty_text = "How many events people are asked about. Until a site says so: 210 a week."


@admin.register(RetrainingExport)
class RetrainingExportAdmin(FactAdmin):
    """Never changed: the hash names the bytes."""

    view_role = Role.REVIEWER
    list_display = ["frozen", "site", "camera", "model_version", "events", "snapshots", "archive"]
    list_filter = [("site", OwnSitesFilter), ("camera", OwnSitesFilter)]
    list_select_related = ["site", "camera"]
    search_fields = ["camera__code", "model_version"]
    search_help_text = "Code of a camera, or model version"
    empty_text = (
        "Reviewed events with their pictures, frozen for a training run. Resolve an alert as"
        " “retraining requested”, or freeze reviews from the list of chosen events."
    )
    fields = [
        "frozen",
        "frozen_by",
        "site",
        "camera",
        "model_version",
        "alert",
        "events",
        "snapshots",
        "size",
        "sha256",
        "archive",
    ]

    @admin.display(description="frozen (UTC)")
    def frozen(self, export: RetrainingExport) -> str:
        """When."""
        return f"{export.frozen_at:%Y-%m-%d %H:%M}"

    @admin.display(description="files")
    def archive(self, export: RetrainingExport) -> Any:
        """The manifest alone, and all of it."""
        addresses = (
            reverse(f"retraining-export-{part}", args=[export.pk])
            for part in ("manifest", "archive")
        )
        text = '<a href="{}" class="{}">manifest</a> · <a href="{}" class="{}">archive</a>'
        look = "text-primary-700 underline dark:text-primary-400"
        manifest, whole = addresses
        return format_html(text, manifest, look, whole, look)
