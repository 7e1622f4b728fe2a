"""`workstations/` and `workstation-targets/`: places on the floor, what they are to make."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django_filters import rest_framework as filters
from rest_framework import serializers

from workers import registry
from workers.api.fields import CodeOf, Number, SiteCode
from workers.api.filters import WithName
from workers.api.serializer import MasterSerializer
from workers.api.viewset import MasterViewSet
from workers.dated import endless_targets
from workers.models import Workstation, WorkstationTarget


class WorkstationSerializer(MasterSerializer[Workstation]):
    site = SiteCode()
    type = serializers.CharField(max_length=100, source="kind", required=False, allow_blank=True)
    target_per_hour = Number(
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
        allow_null=True,
        help_text="Units per scheduled hour until further notice. Given, it replaces that target "
        "for all its time; changes from a day on belong to workstation-targets/.",
    )

    extras = ("target_per_hour",)

    class Meta:
        model = Workstation
        validators: list[Any] = []
        fields = [
            "id",
            "site",
            "code",
            "name",
            "type",
            "target_per_hour",
            "active_from",
            "active_until",
        ]


class WorkstationViewSet(MasterViewSet[Workstation]):
    """Places where work is done."""

    queryset = Workstation.objects.select_related("site")
    serializer_class = WorkstationSerializer
    filterset_class = WithName

    def get_queryset(self) -> QuerySet[Workstation]:
        """With their targets."""
        target = endless_targets().filter(workstation=OuterRef("pk"))
        return (
            super().get_queryset().annotate(target_per_hour=Subquery(target.values("per_hour")[:1]))
        )

    def save(self, subject: Workstation, **extras: Any) -> None:
        """With its target."""
        registry.save_workstation(subject, **extras)


class WorkstationTargetSerializer(MasterSerializer[WorkstationTarget]):
    site = SiteCode(of="workstation")
    workstation = CodeOf(Workstation)
    target_per_hour = Number(max_digits=9, decimal_places=2, min_value=0, source="per_hour")

    fixed = ("site", "workstation")

    class Meta:
        model = WorkstationTarget
        validators: list[Any] = []
        fields = ["id", "site", "workstation", "target_per_hour", "valid_from", "valid_until"]


class WorkstationTargetFilter(filters.FilterSet):
    site = filters.CharFilter("workstation__site__code", label="Code of the site.")
    workstation = filters.CharFilter("workstation__code", label="Code of the workstation.")


class WorkstationTargetViewSet(MasterViewSet[WorkstationTarget]):
    """What a workstation is meant to make, from a day until the first that no longer counts."""

    queryset = WorkstationTarget.objects.select_related("workstation__site")
    serializer_class = WorkstationTargetSerializer
    filterset_class = WorkstationTargetFilter
    site_path = "workstation__site"
