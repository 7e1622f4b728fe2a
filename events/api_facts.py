"""Reading facts and refused events, for those who may see people's work."""

from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.request import Request

from common.instants import to_ms, to_rfc3339
from events.domain.observation import LATE_MS
from events.models import Event, EventType, RefusedEvent
from workers.access import roles_of, site_for
from workers.models import Role

_Row = TypeVar("_Row", bound=Model)


class InstantFilter(filters.IsoDateTimeFilter):
    """An RFC 3339 time, compared as an instant."""


class EventFilter(filters.FilterSet):
    """`?site=&start=&end=&worker_id=…`; end is exclusive."""

    site = filters.CharFilter(field_name="site__code")
    start = InstantFilter(field_name="occurred_at", lookup_expr="gte")
    end = InstantFilter(field_name="occurred_at", lookup_expr="lt")
    worker_id = filters.CharFilter(field_name="worker__code")
    workstation_id = filters.CharFilter(field_name="workstation__code")
    camera_id = filters.CharFilter(field_name="camera__code")
    event_type = filters.ChoiceFilter(choices=EventType.choices)
    confidence_min = filters.NumberFilter(field_name="confidence", lookup_expr="gte")
    confidence_max = filters.NumberFilter(field_name="confidence", lookup_expr="lte")
    late = filters.BooleanFilter(method="filter_late")

    def filter_late(self, events: QuerySet[Event], _name: str, value: bool) -> QuerySet[Event]:
        """Arrived more than two minutes after it happened, or not."""
        late = Q(received_at__gt=F("occurred_at") + LATE_MS)
        return events.filter(late if value else ~late)


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
        )


def _of_managed_sites(request: Request, rows: QuerySet[_Row]) -> QuerySet[_Row]:
    """Refuses who is a viewer, of the site that is asked for or everywhere."""
    code = request.query_params.get("site")
    roles = roles_of(request.user)
    may = (
        site_for(request.user, code).at_least(Role.MANAGER)
        if code
        else roles.allow_somewhere(Role.MANAGER)
    )
    if not may:
        raise exceptions.PermissionDenied(
            "Events speak of people: a manager of the site may read them."
        )
    return rows.filter(roles.condition(Role.MANAGER, "site"))


class EventViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Event]
):
    """Facts, newest stored first."""

    queryset = Event.objects.select_related("site", "worker", "workstation", "camera")
    serializer_class = EventSerializer
    filterset_class = EventFilter

    def get_queryset(self) -> QuerySet[Event]:
        """Those of sites where the user is at least a manager."""
        return _of_managed_sites(self.request, super().get_queryset())


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
        return _of_managed_sites(self.request, super().get_queryset())
