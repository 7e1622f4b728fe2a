"""Reading facts and refused events, for those who may see people's work."""

from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.request import Request

from common.instants import to_ms, to_rfc3339
from events import standing
from events.api_verdicts import VerdictSerializer
from events.domain.observation import LATE_MS
from events.lists import BY_KEY, Scope, site_ids_of, unindexed
from events.models import Event, EventType, RefusedEvent
from events.pages import EventPages
from workers.access import roles_of, site_for
from workers.models import Camera, Role, Worker, Workstation


class InstantFilter(filters.IsoDateTimeFilter):
    """An RFC 3339 time, compared as an instant."""


class EventFilter(filters.FilterSet):
    """`?site=&start=&end=&worker_id=…`; end is exclusive."""

    site = filters.CharFilter(method="filter_scope")
    start = InstantFilter(field_name="occurred_at", lookup_expr="gte")
    end = InstantFilter(field_name="occurred_at", lookup_expr="lt")
    worker_id = filters.CharFilter(method="filter_scope")
    workstation_id = filters.CharFilter(method="filter_code")
    camera_id = filters.CharFilter(method="filter_code")
    event_type = filters.ChoiceFilter(choices=EventType.choices)
    confidence_min = filters.NumberFilter(field_name="confidence", lookup_expr="gte")
    confidence_max = filters.NumberFilter(field_name="confidence", lookup_expr="lte")
    late = filters.BooleanFilter(method="filter_late")
    verdict = filters.ChoiceFilter(
        choices=[(choice, choice) for choice in standing.CHOICES], method="filter_verdict"
    )

    def filter_scope(self, events: QuerySet[Event], _name: str, _code: str) -> QuerySet[Event]:
        """The view has asked for no others."""
        return events

    def filter_code(self, events: QuerySet[Event], name: str, code: str) -> QuerySet[Event]:
        """Looked up first, so that no join leads the database away from the list's index."""
        kind = name.removesuffix("_id")
        model = {"workstation": Workstation, "camera": Camera}[kind]
        ids = model._default_manager.filter(code=code).values_list("pk", flat=True)
        return unindexed(events, kind, ids)

    def filter_late(self, events: QuerySet[Event], _name: str, value: bool) -> QuerySet[Event]:
        """Arrived more than two minutes after it happened, or not."""
        late = Q(received_at__gt=F("occurred_at") + LATE_MS)
        return events.filter(late if value else ~late)

    def filter_verdict(self, events: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        """By the verdict in force; `unclear` where nobody could tell, `none` where none stands."""
        return standing.with_verdict(events, value)


@extend_schema_field(serializers.DateTimeField())
class InstantField(serializers.Field):  # type: ignore[type-arg]
    """An instant as RFC 3339 in UTC."""

    def to_representation(self, value: Any) -> str:
        """With milliseconds where there are any."""
        return to_rfc3339(to_ms(value))


class EventSerializer(serializers.ModelSerializer[Event]):
    """A fact under the names of the wire."""

    site = serializers.CharField(source="site.code")
    timestamp = InstantField(source="occurred_at")
    worker_id = serializers.CharField(source="worker.code")
    workstation_id = serializers.CharField(source="workstation.code")
    camera_id = serializers.CharField(source="camera.code")
    received_at = InstantField()
    verdict = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = (
            "id",
            "site",
            "timestamp",
            "worker_id",
            "workstation_id",
            "event_type",
            "confidence",
            "count",
            "camera_id",
            "model_version",
            "snapshot_id",
            "restated",
            "received_at",
            "verdict",
        )

    @extend_schema_field(VerdictSerializer(allow_null=True))
    def get_verdict(self, event: Any) -> Any:
        """The one in force: what the event counts as now."""
        return VerdictSerializer(event.in_force[0]).data if event.in_force else None


def _managed_sites(request: Request) -> list[int] | None:
    """Ids of the sites where the user is at least a manager, or of the one that is asked for.

    None: all. Refuses who is a viewer, there or everywhere.
    """
    code, roles = request.query_params.get("site"), roles_of(request.user)
    access = site_for(request.user, code) if code else None
    if not (access.at_least(Role.MANAGER) if access else roles.allow_somewhere(Role.MANAGER)):
        raise exceptions.PermissionDenied(
            "Events speak of people: a manager of the site may read them."
        )
    if access:
        return [access.site_id]
    return site_ids_of(roles, Role.MANAGER)


class EventViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Event]
):
    """Facts, newest first: of one site or worker by time, else as they were stored."""

    queryset = Event.objects.select_related(
        "site", "worker", "workstation", "camera"
    ).prefetch_related(standing.verdicts_in_force())
    serializer_class = EventSerializer
    filterset_class = EventFilter
    pagination_class = EventPages

    def get_queryset(self) -> QuerySet[Event]:
        """Those of sites where the user is at least a manager."""
        return self.scope.of(super().get_queryset(), order=self.order)

    @cached_property
    def scope(self) -> Scope:
        """Whose events are asked for."""
        site_ids = _managed_sites(self.request)
        code = self.request.query_params.get("worker_id")
        if not code:
            return Scope(site_ids)
        own = Worker.objects.all() if site_ids is None else Worker.objects.filter(site__in=site_ids)
        named = own.none() if "\0" in code else own.filter(code=code)
        return Scope(site_ids, list(named.values_list("pk", flat=True)))

    @property
    def order(self) -> tuple[str, ...]:
        """Verdicts name their events by key."""
        verdict = self.request.query_params.get("verdict")
        return self.scope.order if verdict in (None, "", standing.NONE) else BY_KEY


class RefusedEventFilter(filters.FilterSet):
    """`?site=&code=&camera_id=`."""

    site = filters.CharFilter(field_name="site__code")
    code = filters.CharFilter()
    camera_id = filters.CharFilter(field_name="camera_code")


class RefusedEventSerializer(serializers.ModelSerializer[RefusedEvent]):
    """A refused event with its reason; `payload` is what was sent, as text."""

    site = serializers.CharField(source="site.code")
    camera_id = serializers.CharField(source="camera_code")
    payload = serializers.SerializerMethodField()
    first_received_at = InstantField()
    last_received_at = InstantField()

    class Meta:
        model = RefusedEvent
        fields = (
            "id",
            "site",
            "camera_id",
            "code",
            "detail",
            "payload",
            "is_cut",
            "count",
            "first_received_at",
            "last_received_at",
        )

    def get_payload(self, refused: RefusedEvent) -> str:
        """Bytes that are no UTF-8 are shown as replacement characters."""
        return bytes(refused.payload).decode("utf-8", "replace")


class RefusedEventViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RefusedEvent]
):
    """What could not be stored, newest first."""

    queryset = RefusedEvent.objects.select_related("site")
    serializer_class = RefusedEventSerializer
    filterset_class = RefusedEventFilter

    def get_queryset(self) -> QuerySet[RefusedEvent]:
        """Those of sites where the user is at least a manager."""
        site_ids, rows = _managed_sites(self.request), super().get_queryset()
        return rows if site_ids is None else rows.filter(site__in=site_ids)
