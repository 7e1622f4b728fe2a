"""`cameras/` and `camera-model-versions/`: what watches the floor, and which model it runs."""

from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django_filters import rest_framework as filters
from rest_framework import serializers

from common import clock
from workers import registry
from workers.api.fields import CodeOf, Moment, NamesOf, SiteCode
from workers.api.filters import WithName
from workers.api.serializer import MasterSerializer
from workers.api.viewset import MasterViewSet
from workers.dated import versions_at
from workers.models import Camera, CameraModelVersion, Workstation


class CameraSerializer(MasterSerializer[Camera]):
    site = SiteCode()
    workstations = NamesOf(
        "watched", "code", required=False, help_text="Codes of the workstations that it watches."
    )
    model_version = serializers.CharField(
        max_length=64,
        required=False,
        allow_null=True,
        help_text="What it runs now. The first one given counts since ever, another from now on; "
        "see camera-model-versions/.",
    )
    last_seen_at = Moment(read_only=True)

    extras = ("workstations", "model_version")

    class Meta:
        model = Camera
        validators: list[Any] = []
        fields = [
            "id",
            "site",
            "code",
            "name",
            "workstations",
            "state_ttl_s",
            "reporting_interval_s",
            "model_version",
            "active_from",
            "active_until",
            "last_seen_at",
        ]


class CameraViewSet(MasterViewSet[Camera]):
    """Cameras on the floor."""

    queryset = Camera.objects.select_related("site").prefetch_related(
        Prefetch("workstations", queryset=Workstation.objects.order_by("code"), to_attr="watched")
    )
    serializer_class = CameraSerializer
    filterset_class = WithName

    def get_queryset(self) -> QuerySet[Camera]:
        """With what they run now."""
        running = versions_at(clock.now()).filter(camera=OuterRef("pk"))
        return (
            super().get_queryset().annotate(model_version=Subquery(running.values("version")[:1]))
        )

    def save(self, subject: Camera, **extras: Any) -> None:
        """With its workstations and model version; a new ttl recalculates."""
        registry.save_camera(subject, at=clock.now(), **extras)


class CameraModelVersionSerializer(MasterSerializer[CameraModelVersion]):
    site = SiteCode(of="camera")
    camera = CodeOf(Camera)
    model_version = serializers.CharField(max_length=64, source="version")
    runs_since = Moment(required=False, allow_null=True, help_text="Null: since ever.")

    fixed = ("site", "camera")

    class Meta:
        model = CameraModelVersion
        validators: list[Any] = []
        fields = ["id", "site", "camera", "model_version", "runs_since"]


class CameraModelVersionFilter(filters.FilterSet):
    site = filters.CharFilter("camera__site__code", label="Code of the site.")
    camera = filters.CharFilter("camera__code", label="Code of the camera.")


class CameraModelVersionViewSet(MasterViewSet[CameraModelVersion]):
    """Which recognition model a camera has run since when."""

    queryset = CameraModelVersion.objects.select_related("camera__site")
    serializer_class = CameraModelVersionSerializer
    filterset_class = CameraModelVersionFilter
    site_path = "camera__site"
