"""Log-in by password, session or token; each refuses demo accounts unless DEMO=1."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from workers.models import User


def may_log_in(user: Any) -> bool:
    """Active, and no demo account where demo accounts are closed."""
    return bool(user.is_active) and (settings.DEMO or not user.is_demo)


def may_set_password(user: Any) -> bool:
    """Who may log in, except demo accounts: the log-in page offers them with the public one."""
    return may_log_in(user) and not user.is_demo


class MembershipBackend(ModelBackend):
    """Django's accounts, less closed demo accounts, on every request of a session too."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked at log-in and whenever a session is read."""
        return may_log_in(user)


class MemberSessionAuthentication(authentication.SessionAuthentication):
    """Sessions of the pages; the backend has judged the user already."""

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing log-in a 401 rather than a 403."""
        return "Session"


class MemberTokenAuthentication(authentication.TokenAuthentication):
    """`Authorization: Token …` from `manage.py drf_create_token`."""

    def authenticate_credentials(self, key: str) -> tuple[User, Any]:
        """The token's user, if they may log in."""
        user, token = super().authenticate_credentials(key)
        if not may_log_in(user):
            raise exceptions.AuthenticationFailed("Demo accounts are closed on this server.")
        return user, token
