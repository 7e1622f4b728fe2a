"""Admin pages of accounts, API tokens and failed log-ins; for superusers."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from rest_framework.authtoken.admin import TokenAdmin as RestTokenAdmin
from rest_framework.authtoken.models import TokenProxy
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from workers.admin.base import SuperuserOnly
from workers.models import Membership, User

for model in (AccessAttempt, AccessFailureLog, AccessLog, Group, TokenProxy):
    admin.site.unregister(model)  # our own pages follow; groups and logs of log-ins are not used


class MembershipInline(SuperuserOnly, TabularInline):  # type: ignore[misc]
    model = Membership
    fields = ["site", "role", "is_active"]
    extra = 0


@admin.register(User)
class UserAdmin(SuperuserOnly, DjangoUserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    """Roles are memberships: no staff flag, no groups, no ticked permissions."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser", "is_demo", "memberships__role"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = []
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        ("Access", {"fields": ["is_active", "is_superuser", "last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]


@admin.register(TokenProxy)
class TokenAdmin(SuperuserOnly, RestTokenAdmin, ModelAdmin):  # type: ignore[misc]
    """Tokens themselves are shown by `manage.py drf_create_token` alone."""

    list_display = ["user", "created"]
    autocomplete_fields = ["user"]


@admin.register(AccessAttempt)
class AccessAttemptAdmin(SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    """Failed log-ins; deleting one lets the person try again."""

    list_display = ["username", "ip_address", "attempt_time", "failures_since_start"]
    search_fields = ["username", "ip_address"]
    ordering = ["-attempt_time", "-id"]
    exclude = ["get_data", "post_data", "http_accept", "path_info"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They happen by themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
