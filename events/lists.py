"""Lists of events, newest first, whose pages cost the same at any size of the table.

A list follows the one index that has its order, and conditions that would tempt the database to
another one are put so that they can't: sorting ten million events takes half a minute.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from common import dialect
from events.models import Event
from workers.access import Roles

BY_TIME = ("-occurred_at", "-pk")
BY_KEY = ("-pk",)  # as stored
RECENT = 1_000_000  # events that a search without an index looks through, in about a second

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    """Whose events. None: everybody's."""

    site_ids: Collection[int] | None = None
    worker_ids: Collection[int] | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """By time where one site's or one worker's index has it."""
        return BY_TIME if self._only(self.site_ids) or self._only(self.worker_ids) else BY_KEY

    def of(self, events: QuerySet[Event], *, order: tuple[str, ...]) -> QuerySet[Event]:
        """The events of the scope, to be listed in this order."""
        leading = ""
        if order == BY_TIME:
            leading = "worker" if self._only(self.worker_ids) else "site"
        for column, ids in (("site", self.site_ids), ("worker", self.worker_ids)):
            if ids is not None and column == leading:
                events = events.filter(**{column: next(iter(ids))})
            elif ids is not None:
                events = unindexed(events, column, ids)
        return events.order_by(*order)

    @staticmethod
    def _only(ids: Collection[int] | None) -> bool:
        return ids is not None and len(ids) == 1


def site_ids_of(roles: Roles, role: str) -> list[int] | None:
    """Where the user has this role, or a higher one. None: everywhere."""
    own = [site_id for site_id in roles.by_site if roles.allow(role, site_id)]
    return None if roles.everywhere else own


def unindexed(rows: QuerySet[_Row], column: str, ids: Collection[int]) -> QuerySet[_Row]:
    """Those with one of these ids, looked at as they pass by."""
    return plainly(rows, column).filter(**{f"plain_{column}__in": list(ids)})


def plainly(rows: QuerySet[_Row], column: str) -> QuerySet[_Row]:
    """With an alias of a foreign key that no index serves: `plain_…`."""
    plain: QuerySet[_Row] = rows.alias(**{f"plain_{column}": dialect.passing_by(f"{column}_id")})
    return plain


def recent(events: QuerySet[Event]) -> QuerySet[Event]:
    """Those among the newest million of all: for what no index finds."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return events.filter(pk__gt=newest - RECENT)
