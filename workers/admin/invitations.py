"""Admin page of invitations: made with a link that is shown once, withdrawn, made anew."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from unfold.decorators import action, display

from common import clock
from workers import invitations, post
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin
from workers.admin.confirmation import Question, ask, is_confirmed, selection
from workers.admin.filters import ChoiceFilter
from workers.admin.moments import ago, ahead
from workers.admin.once import ONE, Once, show
from workers.admin.people import ROLES
from workers.admin.subject import subject_of
from workers.admin_site import roles_in
from workers.models import Invitation, Role


class InvitationStateFilter(ChoiceFilter):
    """What became of it."""

    title = "state"
    parameter_name = "state"
    choices_shown = {
        "open": "open",
        "accepted": "accepted",
        "expired": "expired",
        "withdrawn": "withdrawn",
    }

    def condition(self, chosen: str) -> Q:
        """By the clock."""
        unused, now = Q(accepted_at=None, withdrawn_at=None), clock.now()
        return {
            "open": unused & Q(expires_at__gt=now),
            "accepted": Q(accepted_at__isnull=False),
            "expired": unused & Q(expires_at__lte=now),
            "withdrawn": Q(withdrawn_at__isnull=False),
        }[chosen]


@admin.register(Invitation)
class InvitationAdmin(SiteScopedAdmin):
    """Nothing of an invitation changes; it is withdrawn, or made anew."""

    view_role = Role.ADMIN
    fixed = ("site", "role", "name", "email", "invited_by", "created_at", "ends", "state", "joined")
    fields = ["site", "role", "name", "email"]
    list_display = ["__str__", "site", "role", "state", "ends", "invited_by"]
    list_filter = [InvitationStateFilter, ("site", OwnSitesFilter), "role"]
    list_select_related = ["site", "invited_by", "accepted_by"]
    search_fields = ["name", "email"]
    search_help_text = "Whom it is for"
    empty_text = "One-time links by which people join a site, each with its role."
    ordering = ["-id"]
    actions = ["withdraw"]
    actions_detail = ["renew", "withdraw_this"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What became of it stands on its page."""
        more = ["state", "ends", "joined", "invited_by", "created_at"]
        return [*self.fields, *more] if obj else self.fields

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Says what each role may do."""
        return super().get_form(request, *args, help_texts={"role": ROLES}, **kwargs)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One at a time: its link is shown next."""
        response: HttpResponse = super().add_view(request, form_url, ONE | (extra_context or {}))
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The least, unless more is chosen; the only site there is."""
        own = roles_in(request)
        known = {"site": next(iter(own.by_site))} if len(own.by_site) == 1 else {}
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return {"role": Role.VIEWER, **known, **given}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As a whole by admins, so that there are actions; a single one never changes."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: it says who let whom in."""
        return False

    def has_unused_permission(self, request: HttpRequest, object_id: str) -> bool:
        """Whether nobody has accepted it yet."""
        found = self.get_object(request, object_id)
        return found is not None and found.accepted_at is None

    @display(
        description="state",
        label={"open": "info", "accepted": "success", "expired": "warning", "withdrawn": "danger"},
    )
    def state(self, invitation: Invitation) -> str:
        """In one word."""
        if invitation.accepted_at is not None:
            return "accepted"
        if invitation.withdrawn_at is not None:
            return "withdrawn"
        return "open" if invitation.expires_at > clock.now() else "expired"

    @display(description="ends", ordering="expires_at")
    def ends(self, invitation: Invitation) -> str:
        """When its link leads nowhere any more."""
        end = invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at
        return ahead(end, clock.now())

    @display(description="accepted by")
    def joined(self, invitation: Invitation) -> str:
        """Who came."""
        by, at = invitation.accepted_by, invitation.accepted_at
        return f"{by}, {ago(at, clock.now())}" if by and at else "–"

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """A new one; its link goes to the page that shows it, this once."""
        issued = invitations.invite(wanted=obj, by=request.user, at=clock.now())  # type: ignore[arg-type]
        obj.pk = issued.row.pk
        request.issued_invitation = issued  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The link itself, in this answer alone."""
        return _shown(request, request.issued_invitation)  # type: ignore[attr-defined]

    @admin.action(description="Withdraw …", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> HttpResponse | None:
        """Their links lead nowhere from now on."""
        own = queryset.filter(roles_in(request).condition(Role.ADMIN, "site")).order_by("id")
        rows = list(own.select_related("site"))
        if not is_confirmed(request):
            return ask(request, _withdrawal(rows, selection("withdraw", rows)))
        self._withdraw(request, rows)
        return None

    @action(description="Withdraw …", url_path="withdraw", permissions=["unused"], icon="cancel")
    def withdraw_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        invitation: Invitation = subject_of(self, request, object_id)
        if not is_confirmed(request):
            return ask(request, _withdrawal([invitation], {}))
        self._withdraw(request, [invitation])
        return HttpResponseRedirect(_LIST)

    @action(description="New link …", url_path="renew", permissions=["unused"], icon="autorenew")
    def renew(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For who has lost the link, or let it expire."""
        invitation: Invitation = subject_of(self, request, object_id)
        if not is_confirmed(request):
            return ask(request, _renewal(invitation))
        return _shown(request, invitations.renew(invitation, by=request.user, at=clock.now()))  # type: ignore[arg-type]

    def _withdraw(self, request: HttpRequest, rows: list[Invitation]) -> None:
        done = sum(invitations.withdraw(each, at=clock.now()) for each in rows)
        level = messages.SUCCESS if done else messages.WARNING
        self.message_user(request, f"{done} withdrawn.", level)


_LIST = reverse_lazy("admin:workers_invitation_changelist")


def _withdrawal(rows: list[Invitation], hidden: Any) -> Question:
    return Question(
        title="Withdraw invitations" if len(rows) != 1 else "Withdraw the invitation",
        text="The links lead nowhere from now on. Who has accepted already stays a member.",
        subjects=[f"{each} – {each.role} at {each.site}" for each in rows],
        button="Withdraw",
        back=_LIST,
        is_danger=True,
        hidden=hidden,
    )


def _renewal(invitation: Invitation) -> Question:
    return Question(
        title="A new link",
        text="The present link leads nowhere from now on; the new one is good for 7 days.",
        subjects=[f"{invitation} – {invitation.role} at {invitation.site}"],
        button="Make a new link",
        back=_LIST,
    )


def _shown(request: HttpRequest, issued: invitations.Issued) -> HttpResponse:
    row, path = issued.row, reverse("invitation-link", args=[issued.token])
    told = "Send it to the person it is for, and to nobody else."
    if row.email:
        told = _mailed(row, path)
    return show(
        request,
        Once(
            title=f"Invitation to {row.site}",
            heading="The link – keep it now, it is not shown again",
            secret=request.build_absolute_uri(path),
            text=f"Whoever opens it becomes {row.role} of {row.site}. It works once, for"
            f" {invitations.VALID.days} days. {told}",
            back=str(_LIST),
        ),
    )


def _mailed(row: Invitation, path: str) -> str:
    if post.send_invitation(row, path=path):
        return f"It has been mailed to {row.email} as well."
    return f"It could not be mailed to {row.email}: send it yourself."
