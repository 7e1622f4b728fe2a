"""Actions of reviewers, on a list of events and on one event's page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action

from events.admin.sayings import CONFIRM, REJECT, RELABEL, TAKE_BACK, Saying
from events.models import Event
from workers.admin.subject import subject_of
from workers.admin_site import roles_in
from workers.models import Role


class Reviewing:
    """Actions of reviewers, on a list and on one event's page."""

    actions = ["confirm", "relabel", "reject", "take_back"]
    actions_detail = ["confirm_this", "relabel_this", "reject_this", "take_back_this"]

    def has_review_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Reviewers and admins, of the event's site or of any."""
        page: Any = self
        event = page.get_object(request, object_id) if object_id else None
        roles = roles_in(request)
        if object_id:
            return event is not None and roles.allow(Role.REVIEWER, event.site_id)
        return roles.allow_somewhere(Role.REVIEWER)

    @admin.action(description="Confirm …", permissions=["review"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """They are as they were reported."""
        return CONFIRM.of_many(request, queryset)

    @admin.action(description="Relabel …", permissions=["review"])
    def relabel(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """They were something else."""
        return RELABEL.of_many(request, queryset)

    @admin.action(description="Reject …", permissions=["review"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """They were nothing."""
        return REJECT.of_many(request, queryset)

    @admin.action(description="Take my verdicts back …", permissions=["review"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """As if nothing had been said."""
        return TAKE_BACK.of_many(request, queryset)

    @action(description="Confirm …", url_path="confirm", permissions=["review"], icon="check")
    def confirm_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._review(request, object_id, CONFIRM)

    @action(description="Relabel …", url_path="relabel", permissions=["review"], icon="edit")
    def relabel_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._review(request, object_id, RELABEL)

    @action(description="Reject …", url_path="reject", permissions=["review"], icon="close")
    def reject_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._review(request, object_id, REJECT)

    @action(description="Take back …", url_path="take-back", permissions=["review"], icon="undo")
    def take_back_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._review(request, object_id, TAKE_BACK)

    def _review(self, request: HttpRequest, object_id: str, saying: Saying) -> HttpResponse:
        page: Any = self
        event = subject_of(page, request, object_id)
        back = reverse("admin:events_event_change", args=[event.pk])
        answer = saying.of(request, [event], back=back, again={})
        return answer or HttpResponseRedirect(back)
