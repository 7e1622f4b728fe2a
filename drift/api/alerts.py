"""`alerts/`: cameras whose recognition has become doubtful, for managers and above."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.instants import to_ms
from drift.api.scoped import ScopedRows
from drift.models import Alert, Reason, Resolution, Status
from drift.watching import decisions
from events.api_facts import InstantField
from workers.models import Role, User

MAX_NOTE = 2_000


class Resolved(exceptions.APIException):
    """Somebody else was faster, or it has become quiet."""

    status_code = 409
    default_code = "already_resolved"
    default_detail = "This alert has been resolved."


class AlertFilter(filters.FilterSet):
    """`?site=&camera_id=&model_version=&status=`."""

    site = filters.CharFilter("site__code", label="Code of the site.")
    camera_id = filters.CharFilter("camera__code", label="Code of the camera.")
    model_version = filters.CharFilter()
    status = filters.ChoiceFilter(choices=Status.choices)


class SegmentSerializer(serializers.Serializer[Any]):
    """What strayed: one type of event, or all together (`*`), in one channel."""

    event_type = serializers.CharField(help_text="`*`: all types, each with its usual share.")
    channel = serializers.ChoiceField(choices=["mean", "dispersion", "volume"])
    peak = serializers.FloatField(help_text="The highest sum (CUSUM); of volume, what is usual.")
    shift = serializers.FloatField(help_text="`now` − `before`.")
    before = serializers.FloatField(help_text="What is usual at these hours.")
    now = serializers.FloatField(help_text="What has been seen since the onset.")
    onset_at = serializers.DateTimeField(required=False)
    detected_at = serializers.DateTimeField(required=False)


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert under the names of the wire."""

    site = serializers.CharField(source="site.code")
    camera_id = serializers.CharField(source="camera.code")
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=Reason.choices))
    onset_at = InstantField()
    detected_at = InstantField()
    opened_at = InstantField()
    acknowledged_at = InstantField(allow_null=True)
    resolved_at = InstantField(allow_null=True)
    resolution = serializers.SerializerMethodField()
    segments = SegmentSerializer(many=True)

    class Meta:
        model = Alert
        fields = (
            "id",
            "site",
            "camera_id",
            "model_version",
            "status",
            "severity",
            "reasons",
            "onset_at",
            "detected_at",
            "opened_at",
            "acknowledged_at",
            "resolved_at",
            "resolution",
            "note",
            "segments",
        )

    @extend_schema_field(serializers.ChoiceField(choices=Resolution.choices, allow_null=True))
    def get_resolution(self, alert: Alert) -> str | None:
        """Null while it is not resolved."""
        return alert.resolution or None


class ResolutionSerializer(serializers.Serializer[Any]):
    """How an alert ends."""

    resolution = serializers.ChoiceField(choices=Resolution.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_NOTE)


class AlertViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedRows[Alert]):
    """Alerts, newest first."""

    queryset = Alert.objects.select_related("site", "camera")
    serializer_class = AlertSerializer
    filterset_class = AlertFilter
    least_role = Role.MANAGER
    refusal = "A manager of the site may see its alerts."

    @extend_schema(request=None, responses={200: AlertSerializer})
    @action(methods=["post"], detail=True)
    def acknowledge(self, request: Request, **_kwargs: Any) -> Response:
        """Somebody looks after it: no more reminders."""
        alert = self.get_object()
        try:
            alert = decisions.acknowledge(alert, by=_person(request), now_ms=to_ms(clock.now()))
        except decisions.ResolvedError as error:
            raise Resolved from error
        return Response(self.get_serializer(alert).data)

    @extend_schema(request=ResolutionSerializer, responses={200: AlertSerializer})
    @action(methods=["post"], detail=True)
    def resolve(self, request: Request, **_kwargs: Any) -> Response:
        """Watching begins anew; with `new_normal`, what has been seen since the onset is usual."""
        alert = self.get_object()
        serializer = ResolutionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        now_ms = to_ms(clock.now())
        try:
            alert = decisions.resolve(
                alert, by=_person(request), now_ms=now_ms, **serializer.validated_data
            )
        except decisions.ResolvedError as error:
            raise Resolved from error
        return Response(self.get_serializer(alert).data)


def _person(request: Request) -> User:
    """Who asks; `get_object` has let nobody else come here."""
    if isinstance(request.user, AnonymousUser):
        raise exceptions.NotAuthenticated
    return request.user
