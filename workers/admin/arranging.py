"""Actions on many at once, each with a page that says what will happen before it does."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action

from workers.access import site_id_of
from workers.admin.confirmation import Question, ask, is_confirmed, selection
from workers.admin.plans import Plan, Rows, comeback, retirement
from workers.admin_site import roles_in
from workers.models import Role

MOST_AT_ONCE = 500  # so many are named on the page, and sent back by its button


class Retiring:
    """What has facts is retired, not deleted, and can be brought back."""

    actions = ["retire", "bring_back"]
    actions_detail = ["retire_this", "bring_back_this"]
    delete_confirmation_template = "workers/delete.html"
    delete_selected_confirmation_template = "workers/delete_selected.html"

    def has_retire_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Admins, as long as it is not retired."""
        return self._may_arrange(request, object_id, is_retired=False)

    def has_bring_back_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Admins, once it is retired or going to be."""
        return self._may_arrange(request, object_id, is_retired=True)

    @admin.action(description="Retire …", permissions=["retire"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """From a day on they no longer count."""
        return self.carry_out(request, own(request, queryset), retirement)

    @admin.action(description="Bring back …", permissions=["bring_back"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """They count again."""
        return self.carry_out(request, own(request, queryset), comeback)

    @action(description="Retire …", url_path="retire", permissions=["retire"], icon="archive")
    def retire_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._carry_out_here(request, object_id, retirement)

    @action(
        description="Bring back …",
        url_path="bring-back",
        permissions=["bring_back"],
        icon="unarchive",
    )
    def bring_back_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._carry_out_here(request, object_id, comeback)

    def carry_out(
        self, request: HttpRequest, rows: Rows, plan: Callable[[Rows, Any], Plan]
    ) -> HttpResponse | None:
        """Asks, and does it once the button is pressed; None when it is done."""
        page: Any = self
        if not 0 < len(rows) <= MOST_AT_ONCE:
            told = "Choose some of the sites where you are an admin."
            many = f"Choose at most {MOST_AT_ONCE} at once."
            page.message_user(request, many if rows else told, messages.ERROR)
            return None
        planned = plan(rows, request.POST if is_confirmed(request) else None)
        form = planned.form
        if form.is_bound and form.is_valid():
            try:
                planned.do(form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                page.message_user(request, planned.done, messages.SUCCESS)
                return None
        return ask(request, self._question(request, rows, planned))

    def _question(self, request: HttpRequest, rows: Rows, planned: Plan) -> Question:
        page: Any = self
        chosen = request.POST.get("action", "")
        return Question(
            title=planned.title,
            text=planned.text,
            button=planned.button,
            back=reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"),
            subjects=[planned.tell(row) for row in rows],
            form=planned.form,
            hidden=selection(chosen, rows) if chosen else {},
        )

    def _carry_out_here(
        self, request: HttpRequest, object_id: str, plan: Callable[[Rows, Any], Plan]
    ) -> HttpResponse:
        page: Any = self
        row = page.get_object(request, object_id)
        if row is None or not roles_in(request).allow(Role.ADMIN, site_id_of(row, page.site_path)):
            raise PermissionDenied
        there = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[row.pk])
        return self.carry_out(request, [row], plan) or HttpResponseRedirect(there)

    def _may_arrange(
        self, request: HttpRequest, object_id: str | None, *, is_retired: bool
    ) -> bool:
        if object_id is None:
            return roles_in(request).allow_somewhere(Role.ADMIN)
        page: Any = self
        row = page.get_object(request, object_id)
        if row is None or (row.active_until is not None) != is_retired:
            return False
        return roles_in(request).allow(Role.ADMIN, site_id_of(row, page.site_path))


def own(request: HttpRequest, queryset: QuerySet[Any]) -> Rows:
    """Of the chosen rows those of the sites where the user is an admin; one more than may be."""
    rows = queryset.filter(roles_in(request).condition(Role.ADMIN, "site"))
    return list(rows.select_related("site").order_by("site", "code")[: MOST_AT_ONCE + 1])
