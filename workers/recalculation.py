"""Asks for sums to be computed anew when a setting of the calculation has changed."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from workers.models import Site


def request(site_id: int, *, at: datetime) -> None:
    """Marks the site's sums as due, in the caller's transaction; `RECALCULATIONS` run after it.

    A recalculation that fails is logged and stays due: the setting itself has been stored.
    """
    Site.objects.filter(pk=site_id).update(recalculation_due_at=at, revision=F("revision") + 1)
    for path in settings.RECALCULATIONS:
        transaction.on_commit(_recalculation(path, site_id), robust=True)


def _recalculation(path: str, site_id: int) -> Callable[[], None]:
    def recalculate() -> None:  # Django logs a robust callback by its name, which a partial has not
        import_string(path)(site_id)

    return recalculate
