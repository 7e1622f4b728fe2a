"""Removes versions of master data that are older than their site keeps them."""

from datetime import timedelta

from django.apps import apps
from django.db.models import Model, QuerySet

from common.instants import to_datetime
from workers.models import Site
from workers.models.history import Kept

STEP = 1_000  # versions removed in one transaction


def remove_old(now_ms: int) -> int:
    """How many versions were removed. A background task: safe to repeat, and to stop anywhere."""
    removed = 0
    for site in Site.objects.exclude(history_days=None).order_by("pk"):
        before = to_datetime(now_ms) - timedelta(days=site.history_days or 0)
        for model, path in _kept():
            rows = model._base_manager.filter(
                **{f"{path}at_site": site.pk, f"{path}history_date__lt": before}
            )
            removed += _remove(rows)
    return removed


def _kept() -> list[tuple[type[Model], str]]:
    """Versions, and how they find their site and moment; what hangs on one comes before it."""
    versions = [model for model in apps.get_models() if issubclass(model, Kept)]
    hanging = [
        (relation.related_model, f"{relation.field.name}__")
        for model in versions
        for relation in model._meta.related_objects
    ]
    return [*hanging, *((model, "") for model in versions)]


def _remove(rows: QuerySet[Model]) -> int:
    removed = 0
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:STEP]):
        removed += len(some)
        rows.model._base_manager.filter(pk__in=some).delete()
    return removed
