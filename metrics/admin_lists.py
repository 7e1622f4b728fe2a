"""Lists of spans and buckets, newest first, whose pages cost the same at any size of the tables.

They follow the index that has their order; sorting ten million rows would take a minute.
"""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.views import ChangeList

from events.lists import RECENT, site_ids_of, unindexed
from metrics.models import Grain, Span
from workers.admin_site import roles_in
from workers.models import Role, Worker

BY_START = ("-started_at", "-pk")
BY_BUCKET = ("-start_at", "-worker", "-workstation")  # as the unique key has them
BY_PRESENCE = ("-start_at", "-workstation")
BY_KEY = ("-pk",)  # as stored


class SpanList(ChangeList):  # type: ignore[misc]
    """By start: through each worker's newest, or through the workstation's index.

    What no index finds, a state, is looked for among the newest million.
    """

    is_recent_only = False
    recent_count = f"{RECENT:,}"

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str] | None = None
    ) -> QuerySet[Span]:
        """Newest first."""
        spans: QuerySet[Span] = super().get_queryset(request, exclude_parameters)
        roles, asked = roles_in(request), {name for name in self.params if self.params[name]}
        own = Worker.objects.filter(roles.condition(Role.MANAGER, "site"))
        if "workstation__id__exact" in asked:
            return _looked_at(spans, own).order_by(*BY_START)
        if "state__exact" in asked:
            newest = Span.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            self.is_recent_only = newest > RECENT
            return _looked_at(spans.filter(pk__gt=newest - RECENT), own).order_by(*BY_KEY)
        if "worker__site__id__exact" in asked:
            own = own.filter(site=self.params["worker__site__id__exact"])
        elif roles.everywhere and not self.query:
            return spans.order_by(*BY_KEY)
        if self.query:
            own = own.filter(code__iexact=self.query.strip())
        return _newest(spans, own, self.page_num * self.list_per_page).order_by(*BY_START)


def _looked_at(spans: QuerySet[Span], workers: QuerySet[Worker]) -> QuerySet[Span]:
    """Those of the workers, as they pass by."""
    return unindexed(spans, "worker", list(workers.values_list("pk", flat=True)))


def _newest(spans: QuerySet[Span], workers: QuerySet[Worker], count: int) -> QuerySet[Span]:
    """Those that begin no earlier than the newest `count` of all, and few that do.

    The worker whose newest `count` go back least far has that many since then alone.
    """
    own = Span.objects.filter(worker=OuterRef("pk")).order_by("-started_at").values("started_at")
    reach = workers.annotate(since=Subquery(own[count : count + 1]))
    found = dict(reach.values_list("pk", "since"))
    since = max((each for each in found.values() if each is not None), default=None)
    spans = spans.filter(worker__in=list(found))
    return spans if since is None else spans.filter(started_at__gte=since)


class GrainFilter(admin.SimpleListFilter):
    """One grain at a time: the other says the same."""

    title = "grain"
    parameter_name = "grain"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Both."""
        return [(str(value), str(label)) for value, label in Grain.choices]

    def value(self) -> str:
        """The fine one, unless another one is asked for."""
        asked = super().value()
        return asked if asked in dict(self.lookup_choices) else str(Grain.FIVE_MINUTES.value)

    def choices(self, changelist: Any) -> Any:
        """Without "all"."""
        return list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen one."""
        return queryset.filter(grain=self.value())


class BucketList(ChangeList):  # type: ignore[misc]
    """By time where one site is asked for; of several, as stored."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str] | None = None
    ) -> QuerySet[Any]:
        """Newest first."""
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        own = site_ids_of(roles_in(request), Role.MANAGER)
        if own is not None and len(own) == 1:
            return rows.filter(site=own[0]).order_by(*self.model_admin.by_time)
        is_narrow = "site__id__exact" in self.params
        return rows.order_by(*(self.model_admin.by_time if is_narrow else BY_KEY))
