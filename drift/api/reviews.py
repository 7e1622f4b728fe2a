"""`review-items/`: what waits for a person, and what they say. `precision/`: what that showed."""

from datetime import datetime
from typing import Any, cast

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.instants import DAY_MS, to_ms
from drift.api.scoped import ForReviewers
from drift.models import ReviewItem
from drift.queries import reviews
from drift.reviewing import queue
from events.api_facts import InstantField
from events.api_verdicts import WordSerializer
from events.domain.verdict import BadWordError, Word
from events.models import Verdict
from workers.access import site_for
from workers.models import Role, Site, User

USUAL_DAYS = 28  # without a start precision is that of the last four weeks


class Gone(exceptions.APIException):
    """Somebody else was faster."""

    status_code = 409
    default_code = "already_reviewed"
    default_detail = "This item was answered by somebody else, or has expired."


class ReviewItemFilter(filters.FilterSet):
    """`?site=&purpose=&status=`."""

    site = filters.CharFilter("site__code", label="Code of the site.")
    purpose = filters.ChoiceFilter(choices=Verdict.Purpose.choices)
    status = filters.ChoiceFilter(choices=ReviewItem.Status.choices)


class ReviewItemSerializer(serializers.ModelSerializer[ReviewItem]):
    """An item without the model's confidence: people judge what they see."""

    site = serializers.CharField(source="site.code")
    event_id = serializers.IntegerField()
    timestamp = InstantField(source="occurred_at")
    camera_id = serializers.CharField(source="camera.code")
    worker_id = serializers.CharField(source="event.worker.code")
    workstation_id = serializers.CharField(source="event.workstation.code")
    count = serializers.IntegerField(source="event.count")
    snapshot_id = serializers.CharField(source="event.snapshot_id")
    chosen_at = InstantField()
    expires_at = InstantField(allow_null=True)
    verdict = serializers.CharField(source="verdict.verdict", default=None)

    class Meta:
        model = ReviewItem
        fields = (
            "id",
            "site",
            "event_id",
            "timestamp",
            "worker_id",
            "workstation_id",
            "event_type",
            "count",
            "camera_id",
            "snapshot_id",
            "purpose",
            "status",
            "chosen_at",
            "expires_at",
            "verdict",
        )


class ReviewItemViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ForReviewers[ReviewItem]):
    """What people are asked to look at, newest first, for reviewers and admins."""

    queryset = ReviewItem.objects.select_related(
        "site", "camera", "event__worker", "event__workstation", "verdict"
    )
    serializer_class = ReviewItemSerializer
    filterset_class = ReviewItemFilter

    @extend_schema(request=WordSerializer, responses={201: ReviewItemSerializer})
    @action(methods=["post"], detail=True)
    def verdict(self, request: Request, **_kwargs: Any) -> Response:
        """Your word on the item, which counts at once; another one replaces it."""
        item = self.get_object()
        serializer = WordSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        word = Word(**serializer.validated_data)
        try:
            queue.give(
                item, reviewer=cast(User, request.user), word=word, now_ms=to_ms(clock.now())
            )
        except BadWordError as error:
            raise exceptions.ValidationError({error.field: [str(error)]}) from error
        except queue.AlreadyReviewedError as error:
            raise Gone from error
        return Response(self.get_serializer(self.get_object()).data, status=201)

    @extend_schema(responses={204: None})
    @verdict.mapping.delete
    def undo(self, request: Request, **_kwargs: Any) -> Response:
        """Your word is taken back, and the item waits again."""
        item, reviewer = self.get_object(), cast(User, request.user)
        try:
            undone = queue.undo(item, reviewer=reviewer, now_ms=to_ms(clock.now()))
        except BadWordError as error:
            raise exceptions.ValidationError({error.field: [str(error)]}) from error
        if not undone:
            raise exceptions.NotFound("There is no word of yours on this item.")
        return Response(status=204)


class WindowSerializer(serializers.Serializer[Any]):
    """`?site=&start=&end=`; end is exclusive."""

    site = serializers.CharField()
    start = serializers.DateTimeField(required=False)
    end = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Without a window it is that of the last four weeks."""
        end: datetime = attrs.get("end") or clock.now()
        attrs["window"] = (
            to_ms(attrs["start"]) if "start" in attrs else to_ms(end) - USUAL_DAYS * DAY_MS,
            to_ms(end),
        )
        return attrs


class PrecisionView(APIView):
    """How often each model version is right, from events chosen by chance alone."""

    @extend_schema(
        parameters=[
            OpenApiParameter("site", str, required=True),
            OpenApiParameter("start", OpenApiTypes.DATETIME),
            OpenApiParameter("end", OpenApiTypes.DATETIME, description="Exclusive."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """A row per model version and event type, for managers."""
        access = site_for(request.user, request.query_params.get("site", ""))
        if not access.at_least(Role.MANAGER):
            raise exceptions.PermissionDenied("A manager of the site may read this.")
        asked = WindowSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        site = Site.objects.get(pk=access.site_id)
        rows = reviews.measured(site, asked.validated_data["window"])
        return Response({"results": [_present(row) for row in rows]})


def _present(row: reviews.Measured) -> dict[str, Any]:
    """Shares with four digits; none of them where there is not enough to tell."""
    found = row.precision
    names = {
        "precision": "estimate",
        "low": "low",
        "high": "high",
        "worst": "worst",
        "best": "best",
    }
    shares = {
        name: _rounded(getattr(found, field)) if found.is_enough else None
        for name, field in names.items()
    }
    return {
        "model_version": row.model_version,
        "event_type": row.event_type,
        "n": found.n,
        "n_effective": round(found.n_effective, 1),
        **shares,
        "unclear_pct": None if found.unclear is None else round(100 * found.unclear, 1),
        "status": "ok" if found.is_enough else "not_enough",
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
