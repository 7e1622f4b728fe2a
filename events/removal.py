"""Removes events of a time together with what was said of them."""

from collections.abc import Collection

from django.db import models

from events.models import Event


def remove_said(low: int, high: int, *, but: Collection[int], site_id: int | None = None) -> None:
    """Deletes the rows that hang on events in [low, high), of one site or all.

    They carry their event's site and instant. `but` are ids of events that stay.
    """
    of_site = {} if site_id is None else {"site": site_id}
    for relation in Event._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE:
            rows = relation.related_model._base_manager.filter(
                occurred_at__gte=low, occurred_at__lt=high, **of_site
            )
            rows.exclude(**{f"{relation.field.name}__in": but}).delete()
