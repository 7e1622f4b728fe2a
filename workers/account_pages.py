"""Pages by which people come in and look after their passwords."""

from typing import Any

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from workers import limits
from workers.account_forms import ForgottenPasswordForm, OwnPasswordForm
from workers.authentication import may_set_password

MAILS_AN_HOUR = 3  # to one address, whoever asks for them
ASKED_AN_HOUR = 60  # from one place, which may be a whole plant behind one address


class PasswordChange(views.PasswordChangeView):
    """Of whoever is logged in; other devices are logged out."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the request, which failures are counted by."""
        return {**super().get_form_kwargs(), "request": self.request}


class ForgottenPassword(views.PasswordResetView):
    """The answer is the same whether the address is known or not, and as soon."""

    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("password_reset_done")
    email_template_name = "registration/password_reset_email.txt"
    subject_template_name = "registration/password_reset_subject.txt"
    extra_context = {"sends_mail": lambda: settings.SENDS_MAIL}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Not from one place without end."""
        if not limits.allows("reset", limits.address_of(request), at_most=ASKED_AN_HOUR):
            return too_often(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Nor to one address: beyond the limit the answer is as ever, and nothing is sent."""
        email = form.cleaned_data["email"].casefold()
        if not limits.allows("reset-mail", email, at_most=MAILS_AN_HOUR):
            return FormView.form_valid(self, form)
        self.extra_email_context = {"public_url": settings.PUBLIC_URL}
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class NewPassword(views.PasswordResetConfirmView):
    """Behind a one-time link. Demo accounts have none."""

    success_url = reverse_lazy("password_reset_complete")

    def get_user(self, uidb64: str) -> Any:
        """The account, if its password may be set."""
        user = super().get_user(uidb64)
        return user if user is not None and may_set_password(user) else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Who has a new password is not kept out for having forgotten the old one."""
        response = super().form_valid(form)
        forget_failures(username=form.user.get_username())
        return response


def too_often(request: HttpRequest) -> HttpResponse:
    """Asked more often than people ask."""
    detail = "This was asked for too often. Try again in an hour."
    return render(request, "error.html", {"status": 429, "detail": detail}, status=429)
