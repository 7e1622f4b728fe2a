"""Hands each change to what follows from facts.

The projections that settings name, inside the storing transaction.
"""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from events.domain.change import Change


def project(change: Change) -> None:
    """Calls every projection, in the order of settings."""
    for projection in _projections():
        projection(change)


@lru_cache
def _projections() -> tuple[Callable[[Change], None], ...]:
    return tuple(import_string(path) for path in settings.PROJECTIONS)
