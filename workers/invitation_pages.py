"""Pages behind an invitation's link: a new account, or one more site for an account there is."""

from typing import Any

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from workers import invitations, limits
from workers.account_forms import NewAccountForm
from workers.account_pages import too_often
from workers.models import Invitation, User

KEPT = "invitation"  # in the session: the invitation's id, so that its token leaves the address
WRONG_LINKS_AN_HOUR = 60  # from one place; a token can't be guessed, and nobody need try
BACKEND = "workers.authentication.MembershipBackend"


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads first. Looking at it uses nothing up: mail scanners look too."""
    invitation = invitations.behind(token, at=clock.now())
    if invitation is None:
        if not limits.allows("link", limits.address_of(request), at_most=WRONG_LINKS_AN_HOUR):
            return too_often(request)
        return _closed(request)
    request.session[KEPT] = invitation.pk
    response = redirect("invitation")
    response.headers["Referrer-Policy"] = "no-referrer"  # the page itself has a form, and needs one
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Asks who it is, or whether to join."""
    row = invitations.with_id(request.session.get(KEPT, 0), at=clock.now())
    if row is None:
        return _closed(request)
    try:
        if request.user.is_authenticated:
            return _join(request, row)
        return _join_as_new(request, row)
    except invitations.NoLongerOpenError:  # somebody was faster
        return _closed(request)


def _join(request: HttpRequest, row: Invitation) -> HttpResponse:
    context: dict[str, Any] = {"invitation": row}
    if request.method == "POST":
        user: Any = request.user
        try:
            invitations.join(row, user, at=clock.now())
        except ValidationError as error:
            return _page(request, "join", context | {"problems": error.messages})
        return _welcome(request, row)
    return _page(request, "join", context)


def _join_as_new(request: HttpRequest, row: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None, initial={"email": row.email})
    if request.method == "POST" and form.is_valid():
        user: User = form.save(commit=False)
        try:
            invitations.join_as_new(row, user, at=clock.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            login(request, user, backend=BACKEND)
            return _welcome(request, row)
    log_in = f"{reverse('login')}?{urlencode({'next': reverse('invitation')})}"
    return _page(request, "new_account", {"invitation": row, "form": form, "log_in": log_in})


def _welcome(request: HttpRequest, row: Invitation) -> HttpResponse:
    request.session.pop(KEPT, None)
    return redirect("site-overview", row.site.code)


def _closed(request: HttpRequest) -> HttpResponse:
    request.session.pop(KEPT, None)
    return _page(request, "invitation_closed", {}, status=404)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"registration/{name}.html", context, status=status)
