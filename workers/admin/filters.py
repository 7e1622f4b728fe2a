"""Filters of lists: by day on the clock of each row's site, and by values of one's own sites."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from common import clock
from workers.models import Shift, Site
from workers.silence import silent_cameras


def today_at(site: Site) -> date:
    """The day on the site's calendar."""
    return clock.now().astimezone(ZoneInfo(site.time_zone)).date()


def on_its_day(condition: Callable[[date], Q]) -> Q:
    """The condition, given the day that it is at each row's site."""
    found = Q(pk__in=[])
    for zone in Site.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct():
        found |= Q(site__time_zone=zone) & condition(clock.now().astimezone(ZoneInfo(zone)).date())
    return found


class ChoiceFilter(admin.SimpleListFilter):
    """A few named conditions; an unknown name narrows nothing."""

    choices_shown: ClassVar[dict[str, str]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """As people say it."""
        return list(self.choices_shown.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Those that the chosen condition holds for."""
        chosen = self.value()
        return queryset.filter(self.condition(chosen)) if chosen in self.choices_shown else None

    def condition(self, chosen: str) -> Q:
        """What the name stands for."""
        raise NotImplementedError


class ActiveFilter(ChoiceFilter):
    """Whether it is in use today."""

    title = "in use"
    parameter_name = "in_use"
    choices_shown = {"yes": "yes", "retired": "retired", "coming": "not yet"}

    def condition(self, chosen: str) -> Q:
        """By the day at its site."""
        conditions: dict[str, Callable[[date], Q]] = {
            "yes": lambda day: _begun(day, "active_from") & _open(day, "active_until"),
            "retired": lambda day: Q(active_until__lte=day),
            "coming": lambda day: Q(active_from__gt=day),
        }
        return on_its_day(conditions[chosen])


class HoldsFilter(ChoiceFilter):
    """Whether dated rows hold today."""

    title = "holds"
    parameter_name = "holds"
    choices_shown = {"now": "today", "past": "no longer", "coming": "not yet"}

    def condition(self, chosen: str) -> Q:
        """By the day at its site."""
        conditions: dict[str, Callable[[date], Q]] = {
            "now": lambda day: _begun(day, "valid_from") & _open(day, "valid_until"),
            "past": lambda day: Q(valid_until__lte=day),
            "coming": lambda day: Q(valid_from__gt=day),
        }
        return on_its_day(conditions[chosen])


class ClosureFilter(ChoiceFilter):
    """Whether a closure runs."""

    title = "when"
    parameter_name = "when"
    choices_shown = {"now": "now", "coming": "coming", "past": "past"}

    def condition(self, chosen: str) -> Q:
        """By the clock."""
        at = clock.now()
        return {
            "now": Q(starts_at__lte=at, ends_at__gt=at),
            "coming": Q(starts_at__gt=at),
            "past": Q(ends_at__lte=at),
        }[chosen]


class SeenFilter(ChoiceFilter):
    """How long nothing was heard of a camera."""

    title = "last seen"
    parameter_name = "seen"
    choices_shown = {
        "silent": "silent: overdue in working time",
        "hour": "not for an hour",
        "day": "not for a day",
        "never": "never",
    }

    def condition(self, chosen: str) -> Q:
        """By the clock."""
        if chosen == "silent":
            found = silent_cameras(list(Site.objects.all()), at=clock.now())
            return Q(pk__in=[each.camera.pk for each in found])
        if chosen == "never":
            return Q(last_seen_at=None)
        silence = {"hour": timedelta(hours=1), "day": timedelta(days=1)}[chosen]
        since: datetime = clock.now() - silence
        return Q(last_seen_at__lt=since)


class OwnValuesFilter(admin.SimpleListFilter):
    """The values that occur in what the user may see."""

    field: ClassVar[str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each once."""
        rows = model_admin.get_queryset(request).order_by(self.field)
        values = rows.values_list(self.field, flat=True).distinct()
        return [(value, value) for value in values if value]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Those with the chosen value."""
        chosen = dict(self.lookup_choices).get(self.value() or "")
        return queryset.filter(**{self.field: chosen}) if chosen else None


class KindFilter(OwnValuesFilter):
    """By a workstation's type."""

    title = "type"
    parameter_name = "type"
    field = "kind"


class ShiftFilter(admin.SimpleListFilter):
    """Workers who have a shift until further notice."""

    title = "shift"
    parameter_name = "shift"
    NONE = "-"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Shifts of the sites whose workers are listed."""
        sites = model_admin.get_queryset(request).values("site")
        names = Shift.objects.filter(site__in=sites).order_by("name").values_list("name", flat=True)
        return [(name, name) for name in names.distinct()] + [(self.NONE, "none named: all shifts")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """By name; the same worker once."""
        chosen = self.value()
        if chosen == self.NONE:
            return queryset.filter(shift_assignments=None)
        if chosen not in dict(self.lookup_choices):
            return None
        named = Q(shift_assignments__shift_name=chosen, shift_assignments__valid_until=None)
        return queryset.filter(named).distinct()


def _begun(day: date, field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lte": day})


def _open(day: date, field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": day})
