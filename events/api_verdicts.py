"""A reviewer's word on one event: given, replaced, taken back."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.instants import to_ms
from events import verdicts
from events.domain.verdict import MAX_COUNT, BadWordError, FrozenError, Word
from events.models import Event, EventType, Verdict
from workers.access import roles_of
from workers.api.fields import Moment
from workers.models import Role


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": MAX_COUNT})
class Units(serializers.Field):  # type: ignore[type-arg]
    """A whole number, and nothing that could be taken for one."""

    def to_internal_value(self, data: Any) -> int:
        """As it was sent."""
        if type(data) is not int:
            raise serializers.ValidationError("Say a whole number.")
        return data


class WordSerializer(serializers.Serializer[Word]):
    """What a reviewer says; `relabelled` names what was wrong, as it is right."""

    verdict = serializers.ChoiceField(Verdict.Kind.choices)
    event_type = serializers.ChoiceField(EventType.choices, required=False, allow_null=True)
    worker_id = serializers.CharField(max_length=64, required=False, allow_null=True)
    workstation_id = serializers.CharField(max_length=64, required=False, allow_null=True)
    count = Units(required=False, allow_null=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    """A verdict under the names of the wire: what the event counts as by it, by whom, when."""

    event_type = serializers.SerializerMethodField()
    worker_id = serializers.SerializerMethodField()
    workstation_id = serializers.SerializerMethodField()
    reviewer = serializers.CharField(source="reviewer.username")
    given_at = Moment()

    class Meta:
        model = Verdict
        fields = (
            "verdict",
            "event_type",
            "worker_id",
            "workstation_id",
            "count",
            "reason",
            "purpose",
            "reviewer",
            "given_at",
        )

    def get_event_type(self, verdict: Verdict) -> str | None:
        """None: it counts as nothing."""
        return verdict.event_type or None

    def get_worker_id(self, verdict: Verdict) -> str | None:
        """Its code."""
        return verdict.worker.code if verdict.worker else None

    def get_workstation_id(self, verdict: Verdict) -> str | None:
        """Its code."""
        return verdict.workstation.code if verdict.workstation else None


class VerdictView(APIView):
    """The verdict of the one who asks, on one event. Figures follow the newest of all reviewers."""

    @extend_schema(
        operation_id="events_verdict_create",
        summary="Give a verdict",
        description="Replaces an earlier one of yours. Reviewers and admins of the event's site.",
        request=WordSerializer,
        responses={201: VerdictSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Safe to repeat."""
        event = _reviewed_by(request, pk)
        given = WordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        word = Word(**given.validated_data)
        try:
            verdict = verdicts.give(
                event, reviewer=_user(request), word=word, now_ms=to_ms(clock.now())
            )
        except BadWordError as error:
            raise serializers.ValidationError({error.field: [str(error)]}) from error
        return Response(VerdictSerializer(verdict).data, status=201)

    @extend_schema(
        operation_id="events_verdict_destroy",
        summary="Take your verdict back",
        description="Figures are as if it had never been given. 404: there is none of yours.",
        responses={204: OpenApiResponse(description="It no longer stands.")},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Of the one who asks."""
        event = _reviewed_by(request, pk)
        now_ms = to_ms(clock.now())
        try:
            undone = verdicts.undo(event, reviewer=_user(request), now_ms=now_ms)
        except FrozenError as error:
            raise serializers.ValidationError({error.field: [str(error)]}) from error
        if undone is None:
            raise exceptions.NotFound("There is no verdict of yours on this event.")
        return Response(status=204)


def _reviewed_by(request: Request, pk: int) -> Event:
    """The event, if who asks may speak of it. What is not of their sites does not exist."""
    roles = roles_of(request.user)
    own = Event.objects.filter(roles.condition(Role.VIEWER, "site"), pk=pk).first()
    if own is None:
        raise Http404
    if not roles.allow(Role.REVIEWER, own.site_id):
        raise exceptions.PermissionDenied("Verdicts are given by reviewers of the site.")
    return own


def _user(request: Request) -> Any:
    return request.user
