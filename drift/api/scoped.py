"""Rows of sites, for those whose role at the site is high enough."""

from typing import ClassVar, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import exceptions, viewsets

from workers.access import roles_of, site_for
from workers.models import Role

_Row = TypeVar("_Row", bound=Model)


class ScopedRows(viewsets.GenericViewSet[_Row]):
    """By `?site=`, or all that the user may see. Subclasses name the role and say why not."""

    lookup_value_regex = r"\d+"
    least_role: ClassVar[str]
    refusal: ClassVar[str]

    def get_queryset(self) -> QuerySet[_Row]:
        """Those of sites where the role is reached; to members whose role is lower, 403."""
        user, code = self.request.user, self.request.query_params.get("site")
        roles = roles_of(user)
        may = (
            site_for(user, code).at_least(self.least_role)
            if code
            else roles.allow_somewhere(self.least_role)
        )
        if not may:
            raise exceptions.PermissionDenied(self.refusal)
        return super().get_queryset().filter(roles.condition(self.least_role, "site"))


class ForReviewers(ScopedRows[_Row]):
    """Rows that show people."""

    least_role = Role.REVIEWER
    refusal = "Pictures show people: a reviewer may see them."
