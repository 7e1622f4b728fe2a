"""`retraining-exports/`: what was frozen for training, for reviewers, admins and their tokens."""

from typing import Any, TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from drift.api.scoped import ForReviewers
from drift.models import RetrainingExport
from drift.reviewing import retraining
from events.api_facts import InstantField

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


class ExportFilter(filters.FilterSet):
    """`?site=&camera_id=`."""

    site = filters.CharFilter("site__code", label="Code of the site.")
    camera_id = filters.CharFilter("camera__code", label="Code of the camera.")


class ExportSerializer(serializers.ModelSerializer[RetrainingExport]):
    """An archive, by the hash of its bytes."""

    site = serializers.CharField(source="site.code")
    camera_id = serializers.CharField(source="camera.code", default=None)
    alert_id = serializers.IntegerField()
    frozen_at = InstantField()

    class Meta:
        model = RetrainingExport
        fields = (
            "id",
            "site",
            "camera_id",
            "model_version",
            "alert_id",
            "sha256",
            "size",
            "events",
            "snapshots",
            "frozen_at",
        )


class ExportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, ForReviewers[RetrainingExport]
):
    """What was frozen, newest first."""

    queryset = RetrainingExport.objects.select_related("site", "camera")
    serializer_class = ExportSerializer
    filterset_class = ExportFilter

    @extend_schema(responses={(200, "application/x-ndjson"): OpenApiTypes.BINARY})
    @action(detail=True)
    def manifest(self, _request: Request, **_kwargs: Any) -> HttpResponse:
        """A line of JSON for each verdict."""
        export = self.get_object()
        try:
            lines = retraining.manifest_of(export)
        except FileNotFoundError as error:
            raise Lost from error
        return _kept_private(HttpResponse(lines, content_type="application/x-ndjson"))

    @extend_schema(responses={(200, "application/x-tar"): OpenApiTypes.BINARY})
    @action(detail=True)
    def archive(self, _request: Request, **_kwargs: Any) -> FileResponse:
        """The manifest with its pictures, as a tar file."""
        export = self.get_object()
        try:
            file = retraining.path_of(export).open("rb")
        except FileNotFoundError as error:
            raise Lost from error
        name = f"reviews-{export.sha256[:12]}.tar"
        kind = "application/x-tar"
        answer = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
        return _kept_private(answer)


class Lost(exceptions.NotFound):
    """Somebody has removed the file; its row and hash remain."""

    default_detail = "The archive is not on this server any more."


def _kept_private(response: _Answer) -> _Answer:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
