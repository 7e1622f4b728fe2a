"""Who may do what with master data: members read as far as their role goes, admins write."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from workers.access import site_for
from workers.models import Role


class RoleAtSite(BasePermission):
    """Lists and new objects are judged by the user's roles, all else by the role at its site.

    Objects of sites that the user is no member of are never found: 404, whatever the role.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the request may begin."""
        if view.detail:
            return True
        if request.method not in SAFE_METHODS:
            return bool(view.roles.allow_somewhere(Role.ADMIN))
        if code := request.query_params.get("site"):
            return site_for(request.user, code).at_least(view.read_role)
        return bool(view.read_role == Role.VIEWER or view.roles.allow_somewhere(view.read_role))

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """Whether the role at the object's site suffices."""
        role = view.read_role if request.method in SAFE_METHODS else Role.ADMIN
        return bool(view.roles.allow(role, view.site_id_of(obj)))


class SuperuserMakesSites(BasePermission):
    """Sites come and go by superusers alone."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """A new site."""
        return view.action != "create" or bool(request.user.is_superuser)

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """The end of a site."""
        return request.method not in ("POST", "DELETE") or bool(request.user.is_superuser)
