"""Actions on people's accounts: closed and opened again, and a link for a new password."""

from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from unfold.decorators import action

from workers import people
from workers.admin.base import SiteScopedAdmin
from workers.admin.confirmation import Question, ask, is_confirmed
from workers.admin.once import Once, show
from workers.admin.site_access import page_of
from workers.admin.subject import subject_of
from workers.authentication import may_set_password
from workers.models import Membership, User


class AccountActions(SiteScopedAdmin):
    """For who may manage the whole account: it may reach further than one site."""

    @action(
        description="New password …", url_path="new-password", permissions=["manage"], icon="key"
    )
    def new_password(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A one-time link by which the person sets one; for who gets no mail."""
        membership: Membership = subject_of(self, request, object_id)
        user = membership.user
        if not may_set_password(user):
            raise PermissionDenied
        if not is_confirmed(request):
            return ask(request, _password_question(membership))
        self.log_change(request, user, "Made a link for a new password.")
        return show(request, _password_link(request, membership))

    @action(description="Account …", url_path="account", permissions=["manage"], icon="person_off")
    def change_account(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Closed or opened again: everywhere."""
        membership: Membership = subject_of(self, request, object_id)
        user = membership.user
        if not is_confirmed(request):
            return ask(request, _account_question(membership))
        try:
            if user.is_active:
                people.close_account(user, by=request.user)  # type: ignore[arg-type]
            else:
                people.open_account(user)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            told = "open again" if user.is_active else "closed"
            self.log_change(request, user, f"The account is {told}.")
            self.message_user(request, f"The account {user} is {told}.", messages.SUCCESS)
        return HttpResponseRedirect(page_of(membership))

    def has_manage_permission(self, request: HttpRequest, object_id: str) -> bool:
        """Whether the user may close, open and reset the person's account."""
        found = self.get_object(request, object_id)
        return found is not None and people.may_manage(request.user, found.user)  # type: ignore[arg-type]


def _account_question(membership: Membership) -> Question:
    user = membership.user
    sites = ", ".join(sorted(each.site.name for each in user.memberships.select_related("site")))
    return Question(
        title="Close the account" if user.is_active else "Open the account again",
        text="The person is logged out and can no longer log in, to any site; API tokens are"
        " refused. It can be opened again."
        if user.is_active
        else "The person can log in again, with the roles they have.",
        subjects=[f"{user} – {sites}"],
        button="Close the account" if user.is_active else "Open the account",
        back=page_of(membership),
        is_danger=user.is_active,
    )


def _password_question(membership: Membership) -> Question:
    return Question(
        title=f"A new password for {membership.user}",
        text="You get a link, shown once, by which the person sets a new password. It works once"
        " and for a day; the present password goes on until then. Give it to nobody else.",
        button="Make the link",
        back=page_of(membership),
    )


def _password_link(request: HttpRequest, membership: Membership) -> Once:
    user: User = membership.user
    names = {
        "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
    }
    return Once(
        title=f"A new password for {user}",
        heading="The link – keep it now, it is not shown again",
        secret=request.build_absolute_uri(reverse("password_reset_confirm", kwargs=names)),
        text=f"Whoever opens it sets the password of {user}: hand it over in a way that nobody else"
        " reads. It works once, and for a day.",
        back=page_of(membership),
    )
