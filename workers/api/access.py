"""`ingest-keys/` and `memberships/`: who may send and who may see; for site admins alone."""

from typing import Any

from django.core.exceptions import ValidationError
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from workers import keys, people
from workers.api.fields import CodeOf, Moment, SiteCode, Username
from workers.api.filters import AtSite
from workers.api.serializer import MasterSerializer
from workers.api.viewset import Conflict, MasterViewSet
from workers.models import Camera, IngestKey, Membership, Role


class IngestKeySerializer(MasterSerializer[IngestKey]):
    site = SiteCode()
    camera = CodeOf(
        Camera,
        required=False,
        allow_null=True,
        help_text="Null: a gateway, for every camera of the site.",
    )
    created_at = Moment(read_only=True)
    expires_at = Moment(required=False, allow_null=True)
    revoked_at = Moment(read_only=True)
    last_used_at = Moment(read_only=True)

    fixed = ("site", "camera")

    class Meta:
        model = IngestKey
        validators: list[Any] = []
        fields = [
            "id",
            "site",
            "camera",
            "prefix",
            "created_at",
            "expires_at",
            "revoked_at",
            "last_used_at",
        ]
        read_only_fields = ["prefix"]


class NewKeySerializer(IngestKeySerializer):
    key = serializers.CharField(read_only=True, help_text="Shown this once.")

    class Meta(IngestKeySerializer.Meta):
        fields = [*IngestKeySerializer.Meta.fields, "key"]


class IngestKeyFilter(AtSite):
    camera = filters.CharFilter("camera__code", label="Code of the camera.")


class IngestKeyViewSet(MasterViewSet[IngestKey]):
    """Keys that let cameras and gateways POST events. Deleting one revokes it; it stays listed."""

    queryset = IngestKey.objects.select_related("site", "camera")
    serializer_class = IngestKeySerializer
    filterset_class = IngestKeyFilter
    read_role = Role.ADMIN

    @extend_schema(responses={201: NewKeySerializer})
    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """A new key, shown this once."""
        serializer = IngestKeySerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        wanted = IngestKey()
        serializer.apply_to(wanted)
        self.check_object_permissions(request, wanted)
        with serializer.answering():
            issued = keys.create_key(
                site=wanted.site, camera=wanted.camera, expires_at=wanted.expires_at, at=clock.now()
            )
        serializer.instance = issued.row
        return Response(serializer.data | {"key": issued.text}, status=201)

    def perform_destroy(self, instance: IngestKey) -> None:
        """Refused from now on."""
        keys.revoke(instance, at=clock.now())


class MembershipSerializer(MasterSerializer[Membership]):
    user = Username(help_text="Log-in name.")
    site = SiteCode()

    fixed = ("site", "user")

    class Meta:
        model = Membership
        validators: list[Any] = []
        fields = ["id", "site", "user", "role", "is_active"]


class MembershipFilter(AtSite):
    user = filters.CharFilter("user__username", label="Log-in name.")
    role = filters.ChoiceFilter(choices=Role.choices)


class MembershipViewSet(MasterViewSet[Membership]):
    """Who has which role at a site."""

    queryset = Membership.objects.select_related("user", "site")
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilter
    read_role = Role.ADMIN

    def save(self, subject: Membership, **_extras: Any) -> None:
        """A site that has an admin keeps one."""
        people.save(subject)

    def perform_destroy(self, instance: Membership) -> None:
        """As above."""
        try:
            people.remove(instance)
        except ValidationError as error:
            raise Conflict(" ".join(error.messages)) from error
