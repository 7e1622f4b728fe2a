"""The admin's front door: a membership alone opens it, whatever Django's staff flag says."""

from typing import Any, cast

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string
from unfold.sites import UnfoldAdminSite

from workers.access import Roles, roles_of
from workers.models import Role


class FactoryAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    """Members come in, by the same log-in page as everywhere."""

    empty_value_display = "–"  # as on every page
    site_title = site_header = index_title = "Factory productivity"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user is a member of any site, or a superuser."""
        return request.user.is_active and roles_in(request).allow_somewhere(Role.VIEWER)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To the log-in page; who is logged in and yet comes here is a member of no site."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The start page."""
        # The page's parts belong to models, which are not loaded yet when this site is made.
        context = import_string("workers.admin.start.start_context")(request)
        return super().index(request, context | (extra_context or {}))  # type: ignore[no-any-return]

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one page for it."""
        return redirect("password_change")


def roles_in(request: HttpRequest) -> Roles:
    """The user's roles, asked for once per request."""
    kept: Any = request
    if not hasattr(kept, "roles"):
        kept.roles = roles_of(request.user)
    return cast(Roles, kept.roles)


def may_view(request: HttpRequest, label: str) -> bool:
    """Whether the user may open the list of a model, such as `workers.Camera`."""
    return bool(admin.site.get_model_admin(apps.get_model(label)).has_view_permission(request))
