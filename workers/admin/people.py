"""Admin page of people: who has which role at a site, and whether they may come in."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action, display

from common import clock
from workers import people
from workers.admin.account_actions import AccountActions
from workers.admin.base import OwnSitesFilter
from workers.admin.filters import ChoiceFilter
from workers.admin.moments import ago
from workers.admin.site_access import SiteAccessActions
from workers.models import Membership, Role

ROLES = (
    "Each may do what those before it may. Viewer: figures of the factory and of workstations."
    " Manager: workers, timeline, events and exports. Reviewer: pictures, the queue and verdicts."
    " Admin: everything at the site, with keys and people."
)


class AccessFilter(ChoiceFilter):
    """Whether the person comes in."""

    title = "access"
    parameter_name = "access"
    choices_shown = {"yes": "yes", "no": "no access to the site", "closed": "account closed"}

    def condition(self, chosen: str) -> Q:
        """Of membership and account."""
        return {
            "yes": Q(is_active=True, user__is_active=True),
            "no": Q(is_active=False),
            "closed": Q(user__is_active=False),
        }[chosen]


@admin.register(Membership)
class MembershipAdmin(SiteAccessActions, AccountActions):
    """People come by invitation; who is known at another of one's sites can be added at once."""

    view_role = Role.ADMIN
    fixed = ("who", "site", "access", "last_login")
    fields = ["user", "site", "role"]
    list_display = ["person", "site", "role", "access", "last_login"]
    list_filter = [("site", OwnSitesFilter), "role", AccessFilter]
    list_select_related = ["user", "site"]
    search_fields = [
        "user__username",
        "user__first_name",
        "user__last_name",
        "user__email",
        "site__code",
    ]
    search_help_text = "Name, log-in name, e-mail or site"
    ordering = ["site", "user", "id"]
    actions = ["take_access", "give_access"]
    actions_list = ["invite"]
    actions_detail = [
        "change_access",
        {"title": "Account", "icon": "person", "items": ["new_password", "change_account"]},
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who it is never changes."""
        return ["who", "site", "role", "access", "last_login"] if obj else self.fields

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Says what each role may do."""
        return super().get_form(request, *args, help_texts={"role": ROLES}, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As people call it."""
        response: HttpResponse = super().changelist_view(
            request, {"title": "People", **(extra_context or {})}
        )
        return response

    @display(description="person", header=True, ordering="user__username")
    def person(self, membership: Membership) -> list[str]:
        """By name, with the name to log in by."""
        user = membership.user
        full = user.get_full_name()
        under = filter(None, [full and user.username, user.email])
        return [full or user.username, " · ".join(under)]

    @display(description="person")
    def who(self, membership: Membership) -> str:
        """The same in one line."""
        return " · ".join(filter(None, self.person(membership)))

    @display(
        description="access",
        label={"yes": "success", "no access to the site": "warning", "account closed": "danger"},
    )
    def access(self, membership: Membership) -> str:
        """In one word."""
        if not membership.user.is_active:
            return "account closed"
        return "yes" if membership.is_active else "no access to the site"

    @display(description="last log-in", ordering="user__last_login")
    def last_login(self, membership: Membership) -> str:
        """How long ago."""
        return ago(membership.user.last_login, clock.now(), never="never")

    def store(self, subject: Membership) -> None:
        """A site that has an admin keeps one."""
        people.save(subject)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """As above; the page before has said so."""
        try:
            people.remove(obj)
        except ValidationError as error:
            raise PermissionDenied(str(error)) from error

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """The last admin stays."""
        last = [f"{each.site}: {each}, its last admin" for each in objs if each.is_last_admin()]
        if last:
            return [], {}, set(), last
        return super().get_deleted_objects(objs, request)

    @action(description="Invite a person", url_path="invite", icon="person_add")
    def invite(self, request: HttpRequest) -> HttpResponse:
        """By a link."""
        return HttpResponseRedirect(reverse("admin:workers_invitation_add"))
