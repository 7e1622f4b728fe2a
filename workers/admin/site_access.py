"""Actions on people: a site is taken away from them, or given back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action

from workers import people
from workers.admin.base import SiteScopedAdmin
from workers.admin.confirmation import Question, ask, is_confirmed, selection
from workers.admin.subject import subject_of
from workers.admin_site import roles_in
from workers.models import Membership, Role


class SiteAccessActions(SiteScopedAdmin):
    """On one person's page, and on many in the list."""

    @admin.action(description="Take access away …", permissions=["change"])
    def take_access(
        self, request: HttpRequest, queryset: QuerySet[Membership]
    ) -> HttpResponse | None:
        """They stay listed, and see nothing of the site."""
        return self._set_access(request, queryset, "take_access", is_active=False)

    @admin.action(description="Give access back …", permissions=["change"])
    def give_access(
        self, request: HttpRequest, queryset: QuerySet[Membership]
    ) -> HttpResponse | None:
        """With the role they had."""
        return self._set_access(request, queryset, "give_access", is_active=True)

    @action(description="Access …", url_path="access", icon="door_front")
    def change_access(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the site: taken away or given back."""
        membership: Membership = subject_of(self, request, object_id)
        wanted = not membership.is_active
        if not is_confirmed(request):
            return ask(request, _access_question([membership], {}, is_active=wanted))
        self._try_access(request, [membership], is_active=wanted)
        return HttpResponseRedirect(page_of(membership))

    def _set_access(
        self,
        request: HttpRequest,
        queryset: QuerySet[Membership],
        name: str,
        *,
        is_active: bool,
    ) -> HttpResponse | None:
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site"))
        rows = list(own.select_related("user", "site").order_by("id"))
        if not is_confirmed(request):
            return ask(request, _access_question(rows, selection(name, rows), is_active=is_active))
        self._try_access(request, rows, is_active=is_active)
        return None

    def _try_access(self, request: HttpRequest, rows: list[Membership], *, is_active: bool) -> None:
        """Each by itself: one that must stay does not hold the others up."""
        done = 0
        for membership in rows:
            try:
                people.set_access(membership, is_active=is_active)
                done += 1
            except ValidationError as error:
                self.message_user(
                    request, f"{membership}: {' '.join(error.messages)}", messages.ERROR
                )
        if done:
            told = "access again" if is_active else "no access any more"
            who = "1 person has" if done == 1 else f"{done} people have"
            self.message_user(request, f"{who} {told}.", messages.SUCCESS)


def page_of(membership: Membership) -> str:
    """The address of a person's page."""
    return reverse("admin:workers_membership_change", args=[membership.pk])


def _access_question(rows: list[Membership], hidden: Any, *, is_active: bool) -> Question:
    return Question(
        title="Give access back" if is_active else "Take access away",
        text="They come in again with the role they had."
        if is_active
        else "They stay listed, and see nothing of the site from now on. Their account and their"
        " other sites stay as they are. Access can be given back at any time.",
        subjects=[f"{each.user} – {each.role} at {each.site}" for each in rows],
        button="Give access back" if is_active else "Take access away",
        back=page_of(rows[0]) if len(rows) == 1 else reverse("admin:workers_membership_changelist"),
        is_danger=not is_active,
        hidden=hidden,
    )
