"""Removes all that belongs to a site, in small steps: others go on, and it can be cut off anywhere.

First the door is locked, then rows and files go, the site's own row last.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction

from common import dialect
from common.instants import to_datetime
from workers import keys, screens
from workers.models import IngestKey, Site, WallScreen
from workers.moving.files import folders
from workers.moving.kinds import Kind, kinds
from workers.moving.steps import in_steps

STEP = 2_000  # rows removed in one transaction
TRIES = 5  # whoever was let in before the door was locked may write a row behind us

Tell = Callable[[str], object]


class StillUsedError(Exception):
    """Rows of the site come as fast as they are removed."""


def lock_door(site: Site, *, now_ms: int) -> None:
    """From now on nobody sees the site, and its keys are refused. Safe to repeat."""
    at = to_datetime(now_ms)
    Site.every.filter(pk=site.pk).update(state=Site.State.LEAVING)
    for key in IngestKey.objects.filter(site=site.pk, revoked_at=None):
        keys.revoke(key, at=at)
    for screen in WallScreen.objects.filter(site=site.pk, revoked_at=None):
        screens.revoke(screen, at=at)


def remove_leaving(now_ms: int) -> None:
    """A background task: all sites whose door is locked. Safe to repeat, and to stop anywhere."""
    leaving = Site.every.filter(state=Site.State.LEAVING).order_by("pk")
    for site_id in list(leaving.values_list("pk", flat=True)):
        sweep(site_id)


def sweep(site_id: int, tell: Tell = lambda _: None) -> int:
    """How many rows were removed: all of a site whose door is locked. Raises StillUsedError."""
    removed = 0
    for folder in folders():
        folder.remove_all(site_id)
    for _ in range(TRIES):
        for kind in reversed(kinds()):
            if kind.model is not Site:
                removed += _empty(kind, site_id, tell)
        try:
            return removed + _remove_last(site_id)
        except IntegrityError:
            continue
    raise StillUsedError


def left_of(site_id: int) -> tuple[int, int]:
    """How many kinds of rows the site still has, and how many kinds there are."""
    every = [kind for kind in kinds() if kind.model is not Site]
    return sum(kind.rows_of(site_id).exists() for kind in every), len(every)


def _empty(kind: Kind, site_id: int, tell: Tell) -> int:
    _remove_log_of(kind, site_id)
    rows = kind.rows_of(site_id)
    key = [each.column for each in _key_of(kind)]
    names = [each.attname for each in _key_of(kind)]
    removed = 0
    while some := list(rows.order_by().values_list(*names)[:STEP]):
        with transaction.atomic():
            dialect.delete(kind.model, key, some)
        removed += len(some)
    if removed:
        tell(f"{kind.label}: {removed:,}")
    return removed


def _key_of(kind: Kind) -> "list[models.Field[Any, Any]]":
    """The columns that name a row."""
    meta: Any = kind.model._meta
    return list(meta.pk_fields)


def _remove_log_of(kind: Kind, site_id: int) -> None:
    """What the admin's own log says of these rows: it knows them by their words."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(kind.model, for_concrete_model=False)
    )
    told = {int(each) for each in entries.values_list("object_id", flat=True) if _is_id(each)}
    for ids in in_steps(sorted(told), STEP):
        own = kind.rows_of(site_id).filter(pk__in=ids).values_list("pk", flat=True)
        entries.filter(object_id__in=[str(each) for each in own]).delete()


def _is_id(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit()


def _remove_last(site_id: int) -> int:
    """The site's own row. Past signals: its history has gone, and none begins anew."""
    with transaction.atomic():
        _remove_log_of(next(kind for kind in kinds() if kind.model is Site), site_id)
        rows = Site.every.filter(pk=site_id).values_list("pk")
        found = list(rows)
        dialect.delete(Site, ["id"], found)
    return len(found)
