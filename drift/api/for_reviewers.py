"""Rows that show people: for the reviewers and admins of a site."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from rest_framework import exceptions, viewsets

from workers.access import roles_of, site_for
from workers.models import Role

_Row = TypeVar("_Row", bound=Model)


class ForReviewers(viewsets.GenericViewSet[_Row]):
    """Of rows with a site, by `?site=` or all that the user may see."""

    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[_Row]:
        """Those of sites where the user is at least a reviewer; to members below, 403."""
        user, code = self.request.user, self.request.query_params.get("site")
        roles = roles_of(user)
        may = (
            site_for(user, code).at_least(Role.REVIEWER)
            if code
            else roles.allow_somewhere(Role.REVIEWER)
        )
        if not may:
            raise exceptions.PermissionDenied("Pictures show people: a reviewer may see them.")
        return super().get_queryset().filter(roles.condition(Role.REVIEWER, "site"))
