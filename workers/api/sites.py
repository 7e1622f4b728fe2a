"""`sites/`: superusers make them, site admins keep their settings."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import permissions, serializers

from common import clock
from common.instants import to_ms, to_rfc3339
from workers import registry
from workers.api.fields import Moment, Number
from workers.api.permissions import RoleAtSite, SuperuserMakesSites
from workers.api.serializer import MasterSerializer
from workers.api.viewset import MasterViewSet
from workers.models import Site


class SiteSerializer(MasterSerializer[Site]):
    acceptance_threshold = Number(
        max_digits=4, decimal_places=3, min_value=0, max_value=1, required=False
    )
    drift_floor = Number(max_digits=4, decimal_places=3, min_value=0, max_value=1, required=False)
    recalculation_due_at = Moment(read_only=True)
    horizon_at = serializers.SerializerMethodField(
        help_text="Events before it have been removed; null: none has."
    )

    fixed = ("code",)

    class Meta:
        model = Site
        validators: list[Any] = []
        fields = [
            "id",
            "code",
            "name",
            "time_zone",
            "acceptance_threshold",
            "below_threshold",
            "drift_floor",
            "retention_days",
            "refused_days",
            "takes_snapshots",
            "snapshot_days",
            "snapshot_link",
            "people_shown",
            "names_days",
            "history_days",
            "recalculation_due_at",
            "horizon_at",
        ]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_horizon_at(self, site: Site) -> str | None:
        """A full hour."""
        at = to_ms(site.horizon_at)
        return to_rfc3339(at) if at else None


class SiteFilter(filters.FilterSet):
    code = filters.CharFilter()
    name = filters.CharFilter(lookup_expr="icontains", label="Part of the name.")


class SiteViewSet(MasterViewSet[Site]):
    """Factories."""

    queryset = Site.objects.all()
    serializer_class = SiteSerializer
    filterset_class = SiteFilter
    permission_classes = [permissions.IsAuthenticated, SuperuserMakesSites, RoleAtSite]
    site_path = "pk"

    def save(self, subject: Site, **extras: Any) -> None:
        """A new threshold recalculates."""
        registry.save_site(subject, at=clock.now(), **extras)
