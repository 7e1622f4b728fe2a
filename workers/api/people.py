"""`workers/` and `shift-assignments/`: people and their shifts, closed to viewers."""

from typing import Any

from django.db.models import Prefetch
from django_filters import rest_framework as filters
from rest_framework import serializers

from workers import registry
from workers.api.fields import CodeOf, NamesOf, SiteCode
from workers.api.filters import WithCode
from workers.api.serializer import MasterSerializer
from workers.api.viewset import MasterViewSet
from workers.dated import endless_assignments
from workers.models import Role, ShiftAssignment, Worker


class WorkerSerializer(MasterSerializer[Worker]):
    site = SiteCode()
    shifts = NamesOf(
        "endless",
        "shift_name",
        required=False,
        help_text="The shifts that the worker has until further notice, by name; none: all of the "
        "site's. Given, it replaces them for all time; changes from a day on belong to "
        "shift-assignments/.",
    )

    anonymous = serializers.BooleanField(
        source="is_anonymous",
        required=False,
        help_text="Nobody in particular: counts at workstations and in units made, and in no "
        "figure about workers.",
    )

    extras = ("shifts",)

    class Meta:
        model = Worker
        validators: list[Any] = []
        fields = [
            "id",
            "site",
            "code",
            "name",
            "shifts",
            "anonymous",
            "active_from",
            "active_until",
        ]

    def to_representation(self, instance: Worker) -> dict[str, Any]:
        """The code stands in for the name where names are not for this reader."""
        shown: dict[str, Any] = super().to_representation(instance)
        return shown if self.roles.show_names(instance.site) else shown | {"name": instance.code}


class WorkerViewSet(MasterViewSet[Worker]):
    """People whose work cameras see. Where a site shows codes, only its admins see names."""

    queryset = Worker.objects.select_related("site").prefetch_related(
        Prefetch("shift_assignments", queryset=endless_assignments(), to_attr="endless")
    )
    serializer_class = WorkerSerializer
    filterset_class = WithCode
    read_role = Role.MANAGER

    def save(self, subject: Worker, **extras: Any) -> None:
        """With their shifts."""
        registry.save_worker(subject, **extras)


class ShiftAssignmentSerializer(MasterSerializer[ShiftAssignment]):
    site = SiteCode(of="worker")
    worker = CodeOf(Worker)
    shift = serializers.CharField(
        max_length=64, source="shift_name", help_text="Name of the shift."
    )

    fixed = ("site", "worker")

    class Meta:
        model = ShiftAssignment
        validators: list[Any] = []
        fields = ["id", "site", "worker", "shift", "valid_from", "valid_until"]


class ShiftAssignmentFilter(filters.FilterSet):
    site = filters.CharFilter("worker__site__code", label="Code of the site.")
    worker = filters.CharFilter("worker__code", label="Code of the worker.")
    shift = filters.CharFilter("shift_name", label="Name of the shift.")


class ShiftAssignmentViewSet(MasterViewSet[ShiftAssignment]):
    """Which shift a worker has from which day until which day (the first that no longer counts)."""

    queryset = ShiftAssignment.objects.select_related("worker__site")
    serializer_class = ShiftAssignmentSerializer
    filterset_class = ShiftAssignmentFilter
    site_path = "worker__site"
    read_role = Role.MANAGER
