"""Keeps versions of master data: what it was before, who changed it, when and by which way."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

MAX_WAY = 100
AS_IT_WAS = "as it was before"  # the way of a version that history begins with
_way: ContextVar[str] = ContextVar("way", default="")


@contextmanager
def by_way_of(way: str) -> Iterator[None]:
    """What is changed inside came by this way, such as "import of workers.csv"."""
    token = _way.set(way[:MAX_WAY])
    try:
        yield
    finally:
        _way.reset(token)


class Kept(models.Model):
    """What every kept version carries besides the columns of its kind."""

    at_site = models.BigIntegerField(null=True, db_index=True)  # stays when the site is gone
    about = models.CharField(max_length=300)  # what it was called, with its owner
    owner = ""  # the kind's field that names what it belongs to

    class Meta:
        abstract = True


class Records(HistoricalRecords):  # type: ignore[misc]
    """Versions of a kind that has a site, or whose `owner` has.

    Saving without a change adds nothing. What was made past signals (fixtures, bulk_create) gets
    its first version right before its first change.
    """

    def __init__(self, *, owner: str = "", **kwargs: Any) -> None:
        super().__init__(bases=[Kept], **kwargs)
        self.owner = owner

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        """Watches a kind of which this is an attribute."""
        super().finalize(sender, **kwargs)
        if sender is self.cls:
            models.signals.pre_save.connect(self.keep_before, sender=sender, weak=False)
            kept = getattr(sender, self.manager_name).model
            kept.owner = self.owner
            pre_create_historical_record.connect(self.place, sender=kept, weak=False)

    def keep_before(self, instance: Any, raw: bool, **_kwargs: Any) -> None:
        """Remembers the newest version, which the one to come is compared with."""
        if raw or instance._state.adding:
            return
        versions = getattr(type(instance), self.manager_name).filter(id=instance.pk)
        instance._version_before = versions.order_by("-history_id").first()
        if instance._version_before is None:
            stored = type(instance)._base_manager.get(pk=instance.pk)
            stored._change_reason = AS_IT_WAS
            stored._history_user = None
            self.create_historical_record(stored, "+")
            instance._version_before = versions.order_by("-history_id").first()

    def post_save(self, instance: Any, created: bool, using: Any = None, **kwargs: Any) -> None:
        """Adds a version, if it differs."""
        before = instance.__dict__.pop("_version_before", None)
        if created or before is None or self._differs(instance, before):
            super().post_save(instance, created, using, **kwargs)

    def place(self, instance: Any, history_instance: Any, **_kwargs: Any) -> None:
        """Where and what it is, for who reads this when its site or owner are gone."""
        owner = getattr(instance, self.owner) if self.owner else None
        site = getattr(owner or instance, "site_id", instance.pk)
        name = f"{owner} · {instance}" if owner else str(instance)
        history_instance.at_site, history_instance.about = site, name[:300]

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: Any) -> str:
        """By which way it came."""
        given = super().get_change_reason_for_object(instance, history_type, using)
        return given or _way.get() or self._usual_way()

    def _usual_way(self) -> str:
        request = getattr(self.context, "request", None)
        if request is None:
            return "command"
        return "API" if request.path.startswith("/api/") else "page"

    def _differs(self, instance: Any, before: Any) -> bool:
        names = [field.attname for field in self.fields_included(instance)]
        return any(getattr(instance, name) != getattr(before, name) for name in names)
