"""The list of events: its filters, and the order in which an index serves it."""

from collections.abc import Collection
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from events import standing
from events.lists import BY_KEY, BY_TIME, RECENT, Scope, recent, site_ids_of, unindexed
from events.models import Event, EventType
from workers.admin.offering import offered
from workers.admin_site import roles_in
from workers.models import Camera, Role, Site, Worker, Workstation

MOST_NAMED = 5  # sites of which the list says since when they keep events
LOOKED_THROUGH = ("camera", "workstation", "event_type")  # no index finds these


class OwnFilter(admin.SimpleListFilter):
    """Things of the user's own sites, by code."""

    model: ClassVar[type[Model]]
    own: QuerySet[Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """With the site where there are several."""
        path = "pk" if self.model is Site else "site"
        self.own = self.model._default_manager.filter(
            roles_in(request).condition(Role.MANAGER, path)
        )
        found = offered(request, self.own).order_by("code").select_related(*_site_of(self.model))
        rows: list[Any] = list(found)
        several = len({getattr(row, "site_id", 0) for row in rows}) > 1
        return [
            (str(row.pk), f"{row.code} · {row.site.code}" if several else str(row.code))
            for row in rows
        ]

    def has_output(self) -> bool:
        """One is no choice; what is chosen narrows the list, offered or not."""
        return len(self.lookup_choices) > 1 or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen one; none of what is not there."""
        chosen = self.value()
        if chosen is None:
            return queryset
        known = [int(pk) for pk, _ in self.lookup_choices if pk == chosen]
        if not known and chosen.isascii() and chosen.isdigit():
            known = list(self.own.filter(pk=int(chosen[:18])).values_list("pk", flat=True))
        return unindexed(queryset, self.parameter_name or "", known)


class SiteFilter(OwnFilter):
    title, parameter_name, model = "site", "site", Site


class CameraFilter(OwnFilter):
    title, parameter_name, model = "camera", "camera", Camera


class WorkstationFilter(OwnFilter):
    title, parameter_name, model = "workstation", "workstation", Workstation


class TypeFilter(admin.SimpleListFilter):
    """As it was reported."""

    title, parameter_name = "type", "event_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All that there are."""
        return [(str(value), str(label)) for value, label in EventType.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen one."""
        return queryset.filter(event_type=self.value()) if self.value() else queryset


class ConfidenceFilter(admin.SimpleListFilter):
    """Against the threshold of each event's site."""

    title, parameter_name = "confidence", "confidence"
    WAITING, LOW = "waiting", "low"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What is to be worked through, and all."""
        return [
            (self.WAITING, "under threshold, not reviewed"),
            (self.LOW, "under threshold"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Of one's own sites."""
        if self.value() not in (self.WAITING, self.LOW):
            return queryset
        own = Site.objects.filter(roles_in(request).condition(Role.MANAGER, "pk"))
        low = standing.under_threshold(queryset, own)
        return low if self.value() == self.LOW else standing.with_verdict(low, standing.NONE)


class VerdictFilter(admin.SimpleListFilter):
    """By the verdict in force."""

    title, parameter_name = "verdict", "verdict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """In people's words."""
        return [
            (standing.NONE, "not reviewed"),
            ("confirmed", "confirmed"),
            ("relabelled", "relabelled"),
            ("rejected", "rejected"),
            ("unclear", "cannot tell"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those with the chosen one."""
        chosen = self.value()
        if chosen not in standing.CHOICES:
            return queryset
        return standing.with_verdict(queryset, chosen)


class EventList(ChangeList):  # type: ignore[misc]
    """Follows the index that serves what is asked for."""

    is_recent_only = False
    recent_count = f"{RECENT:,}"

    @cached_property
    def removed(self) -> str:
        """Which events have been removed; empty: none."""
        sites = Site.objects.filter(self._roles.condition(Role.MANAGER, "pk"))
        if _is_key(chosen := self.params.get("site", "")):
            sites = sites.filter(pk=int(chosen))
        moved = sites.exclude(horizon_at=0).order_by("code")
        horizons = moved.values_list("name", "horizon_at")[:MOST_NAMED]
        return "; ".join(f"{name}: before {at:%Y-%m-%d %H:%M} UTC" for name, at in horizons)

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str] | None = None
    ) -> QuerySet[Event]:
        """Newest first."""
        self._roles = roles_in(request)
        events: QuerySet[Event] = super().get_queryset(request, exclude_parameters)
        scope = Scope(self._site_ids(request), self._worker_ids(request))
        asked = {name for name in self.params if self.params[name]}
        is_narrow = not asked.isdisjoint(LOOKED_THROUGH)
        by_verdict = self.params.get("verdict") not in (None, standing.NONE)
        is_keyed = by_verdict or "confidence" in asked or is_narrow
        order = BY_KEY if is_keyed and not self.query else scope.order
        if is_narrow and not by_verdict and order != BY_TIME:
            newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
            self.is_recent_only = (newest or 0) > RECENT
            events = recent(events)
        return scope.of(events, order=order)

    def _site_ids(self, request: HttpRequest) -> Collection[int] | None:
        chosen = self.params.get("site", "")
        return [int(chosen)] if _is_key(chosen) else site_ids_of(roles_in(request), Role.MANAGER)

    def _worker_ids(self, request: HttpRequest) -> Collection[int] | None:
        return workers_called(self.query, request) if self.query else None


def workers_called(code: str, request: HttpRequest) -> list[int]:
    """Ids of the workers of that code at the user's sites."""
    own = Worker.objects.filter(roles_in(request).condition(Role.MANAGER, "site"))
    return list(own.filter(code__iexact=code.strip()).values_list("pk", flat=True))


def _is_key(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 19


def _site_of(model: type[Model]) -> list[str]:
    return [] if model is Site else ["site"]
