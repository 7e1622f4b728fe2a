"""What others know that a reader of the figures should be told; joined by settings."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string


def less_sure_since(site_id: int) -> dict[int, int]:
    """Since when recognition is less sure, by workstation id."""
    of_site = _station_marks()
    return {} if of_site is None else of_site(site_id)


@lru_cache
def _station_marks() -> Callable[[int], dict[int, int]] | None:
    path = settings.STATION_MARKS
    return import_string(path) if path else None
