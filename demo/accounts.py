"""The demo's log-ins, one for each role. Public, and so refused unless the server has DEMO=1."""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from workers.models import Membership, Role, Site, User

PASSWORD = "demo"  # noqa: S105 - meant to be known
ITERATIONS = 1_000_000  # as Django 5.2 has it: a log-in need not hash anew


class DemoAccount(NamedTuple):
    """What is typed to log in."""

    role: str
    username: str
    password: str


DEMO_ACCOUNTS = [DemoAccount(role, f"demo-{role}", PASSWORD) for role in Role.values]


def create_accounts(site: Site, *, at: datetime) -> None:
    """A member of the site for each role. Safe to repeat."""
    for account in DEMO_ACCOUNTS:
        user, _ = User.objects.get_or_create(
            username=account.username,
            is_demo=True,
            defaults={"password": _hashed(), "date_joined": at},
        )
        Membership.objects.get_or_create(user=user, site=site, defaults={"role": account.role})


@cache
def _hashed() -> str:
    """The same hash whenever it is made, so that recorded demo data stays as it is."""
    hasher = PBKDF2PasswordHasher()
    return str(hasher.encode(PASSWORD, salt="demo" * 6, iterations=ITERATIONS))
