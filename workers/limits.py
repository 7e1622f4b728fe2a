"""Limits of how often something may be asked for; counted per process, in memory."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

HOUR_S = 3_600


def allows(what: str, who: str, *, at_most: int, within_s: int = HOUR_S) -> bool:
    """Whether this is one of the first `at_most` times since the first."""
    key = f"limit:{what}:{hashlib.sha256(who.encode('utf-8', 'surrogatepass')).hexdigest()}"
    if cache.add(key, 1, within_s):
        return at_most >= 1
    try:
        return cache.incr(key) <= at_most
    except ValueError:  # it ended in this very moment
        return at_most >= 1


def address_of(request: HttpRequest) -> str:
    """Where a request came from; behind a reverse proxy all come from there."""
    return str(request.META.get("REMOTE_ADDR", ""))
