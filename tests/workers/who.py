"""Who asks in the tables of permissions, for whose things, and what they may see of them."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern

from workers.models import Role

OURS, THEIRS = "Fram-", "Quox-"

# Who: a role at our site; an admin of theirs; nobody at all; a superuser.
NOBODY: frozenset[str] = frozenset()
SUPERUSERS = frozenset({"superuser"})
ADMINS = SUPERUSERS | {"admin"}
REVIEWERS = ADMINS | {"reviewer"}
MANAGERS = REVIEWERS | {"manager"}
MEMBERS = MANAGERS | {"viewer"}
PEOPLE = ["anonymous", "stranger", *Role.values, "elsewhere", "superuser"]


def may(who: str, allowed: frozenset[str], whose: str) -> bool:
    """What the table says, of an object of ours or theirs, or of a list."""
    if who == "superuser":
        return "superuser" in allowed
    if who == "elsewhere":
        return "admin" in allowed and whose != OURS
    return who in allowed and whose != THEIRS


def strange_to(who: str) -> str | None:
    """Texts that the person may see nowhere."""
    if who == "superuser":
        return None
    return OURS if who == "elsewhere" else THEIRS


def text_of(answer: HttpResponse) -> str:
    content: bytes = b"" if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def plain_patterns(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Those of apps, outside of the admin's own tree."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        elif getattr(pattern, "app_name", None) != "admin":
            yield from plain_patterns(pattern.url_patterns, route)
