"""Raises a site's revision with every write of its master data, wherever it is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import F, Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from workers import models

# How each kind of master data finds its site.
_SITE_ID_OF: dict[type[Model], str] = {
    models.Shift: "site_id",
    models.ShiftBreak: "shift.site_id",
    models.Closure: "site_id",
    models.Worker: "site_id",
    models.ShiftAssignment: "worker.site_id",
    models.Workstation: "site_id",
    models.WorkstationTarget: "workstation.site_id",
    models.Camera: "site_id",
    models.CameraModelVersion: "camera.site_id",
    models.IngestKey: "site_id",
    models.Membership: "site_id",
    models.Site: "pk",
}

_gathered: ContextVar[set[int] | None] = ContextVar("gathered", default=None)


def watch() -> None:
    """Connects the writers below; called once at start."""
    for model in _SITE_ID_OF:
        post_save.connect(_on_write, sender=model)
        post_delete.connect(_on_write, sender=model)
    m2m_changed.connect(_on_write, sender=models.Camera.workstations.through)


@contextmanager
def raised_once() -> Iterator[None]:
    """Many writes inside raise a site's revision once, at their end: readers see all or nothing.

    Belongs inside one transaction, which so holds the site's row no longer than it must.
    """
    token = _gathered.set(set())
    try:
        yield
        site_ids = sorted(_gathered.get() or ())
    finally:
        _gathered.reset(token)
    for site_id in site_ids:
        raise_master_revision(site_id)


def raise_master_revision(site_id: int) -> None:
    """Caches and tags of what the site's master data says are void from here on."""
    gathered = _gathered.get()
    if gathered is not None:
        gathered.add(site_id)
        return
    models.Site.objects.filter(pk=site_id).update(
        revision=F("revision") + 1, master_revision=F("master_revision") + 1
    )


def _on_write(sender: type[Model], instance: Model, **_kwargs: Any) -> None:
    site_id: Any = instance
    try:
        for name in _SITE_ID_OF.get(type(instance), "site_id").split("."):
            site_id = getattr(site_id, name)
    except (
        models.Shift.DoesNotExist,
        models.Worker.DoesNotExist,
        models.Workstation.DoesNotExist,
        models.Camera.DoesNotExist,
    ):
        return  # deleted together with its owner, whose own deletion has raised the revision
    raise_master_revision(site_id)
