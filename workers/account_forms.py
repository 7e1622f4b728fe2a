"""Forms by which people look after their own accounts."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import (
    PasswordChangeForm,
    PasswordResetForm,
    UserCreationForm,
    UsernameField,
)
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string

from workers import post
from workers.authentication import may_set_password
from workers.models import User


class NewAccountForm(UserCreationForm):  # type: ignore[type-arg]
    """Who comes by invitation says who they are."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email"]
        field_classes = {"username": UsernameField}
        labels = {"username": "User name", "email": "E-mail"}
        help_texts = {"username": "You log in by it.", "email": "For a forgotten password."}


class OwnPasswordForm(PasswordChangeForm):
    """Wrong guesses of the old password lock the account as wrong log-ins do."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Asked of the door where failures are counted."""
        given: str = self.cleaned_data["old_password"]
        if not may_set_password(self.user):
            raise forms.ValidationError("Demo accounts keep the password that everybody knows.")
        if authenticate(self.request, username=self.user.get_username(), password=given) is None:
            code = "password_incorrect"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return given


class ForgottenPasswordForm(PasswordResetForm):
    """Sends to accounts that may log in; how long that takes tells nobody whether there are any."""

    def get_users(self, email: str) -> Any:
        """Of all that have the address."""
        return (user for user in super().get_users(email) if may_set_password(user))

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """After the answer."""
        subject = " ".join(render_to_string(subject_template_name, context).split())
        text = render_to_string(email_template_name, context)
        post.send_later(EmailMessage(subject, text, from_email, [to_email]))
