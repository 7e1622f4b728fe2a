"""CRUD as all kinds of master data share it."""

from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import exceptions, permissions, viewsets
from rest_framework.serializers import BaseSerializer

from workers import registry
from workers.access import Roles, roles_of, site_id_of
from workers.api.permissions import RoleAtSite
from workers.models import Role

_M = TypeVar("_M", bound=Model)


class Conflict(exceptions.APIException):
    """Something speaks of the object, so it stays."""

    status_code = 409
    default_code = "in_use"


class MasterViewSet(viewsets.ModelViewSet[_M]):
    """One kind of master data of the sites that the user is a member of."""

    permission_classes = [permissions.IsAuthenticated, RoleAtSite]
    lookup_value_regex = r"\d+"
    site_path = "site"  # leads from an object to its site
    read_role: str = Role.VIEWER

    @cached_property
    def roles(self) -> Roles:
        """The user's roles at all of their sites."""
        return roles_of(self.request.user)

    def get_queryset(self) -> QuerySet[_M]:
        """The user's own sites only; a list leaves out what their role there may not read."""
        role = self.read_role if self.action == "list" else Role.VIEWER
        return super().get_queryset().filter(self.roles.condition(role, self.site_path))

    def site_id_of(self, subject: Any) -> int:
        """The site that the object belongs to."""
        return site_id_of(subject, self.site_path)

    def perform_create(self, serializer: BaseSerializer[_M]) -> None:
        """A new object."""
        self._store(serializer, serializer.Meta.model())  # type: ignore[attr-defined]

    def perform_update(self, serializer: BaseSerializer[_M]) -> None:
        """A changed one."""
        self._store(serializer, serializer.instance)

    def perform_destroy(self, instance: _M) -> None:
        """409 for what is in use."""
        try:
            registry.delete(instance)
        except registry.InUse as error:
            raise Conflict(str(error)) from error

    def save(self, subject: Any, **extras: Any) -> None:
        """The one call that writes."""
        registry.save(subject, **extras)

    def _store(self, serializer: Any, subject: Any) -> None:
        extras = serializer.apply_to(subject)
        self.check_object_permissions(self.request, subject)
        with serializer.answering():
            self.save(subject, **extras)
        serializer.instance = self.get_queryset().get(pk=subject.pk)
