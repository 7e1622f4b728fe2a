"""Hands each change to what follows from facts.

The projections that settings name, inside the storing transaction.
"""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from common.telemetry import Histogram
from events import telemetry
from events.domain.change import Change


def project(change: Change) -> None:
    """Calls every projection, in the order of settings."""
    for projection, seconds in _projections():
        with seconds.time():
            projection(change)


@lru_cache
def _projections() -> tuple[tuple[Callable[[Change], None], Histogram], ...]:
    return tuple(
        (import_string(path), telemetry.PROJECTION.labels(path)) for path in settings.PROJECTIONS
    )
