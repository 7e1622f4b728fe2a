"""What the admin pages share: a user sees their own sites and does what their role allows."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.paginator import InfinitePaginator

from workers import registry
from workers.access import site_id_of
from workers.admin.history import WithHistory
from workers.admin.offering import offered
from workers.admin_site import roles_in
from workers.models import Role, Site, User


class OwnChoices:
    """Foreign keys lead to things of the sites where the user is an admin."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """With the user's own choices only."""
        kwargs.setdefault("queryset", choices_for(request, db_field.remote_field.model))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """With the user's own choices only."""
        kwargs.setdefault("queryset", choices_for(request, db_field.remote_field.model))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class SiteScopedAdmin(WithHistory, OwnChoices, ModelAdmin):  # type: ignore[misc]
    """A page for things that belong to a site: which role sees them, and which changes them."""

    site_path = "site"  # leads from a row to its site
    view_role: str = Role.MANAGER
    change_role: str | None = Role.ADMIN  # None: nobody, they are facts or follow from facts
    fixed: Sequence[str] = ("site", "code")  # never change once the object exists
    list_filter_submit = False
    list_per_page = 50
    empty_text = ""  # what will stand in the list, while there is nothing

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the sites where the user's role may see them."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(roles_in(request).condition(self.view_role, self.site_path))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Where there is one site alone, no column repeats it."""
        shown = list(super().get_list_display(request))
        return [name for name in shown if name != "site" or not _has_one_site(request)]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the role at the object's site, or at any site."""
        return self._may(self.view_role, request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the index lists it."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the role at any site; the choice of sites is limited to those."""
        return self._may(self.change_role, request, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the role at the object's site, or at any site."""
        return self._may(self.change_role, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the role at the object's site, or at any site."""
        return self._may(self.change_role, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Codes and sites never change."""
        readonly: list[str] = list(super().get_readonly_fields(request, obj))
        return [*readonly, *self.fixed] if obj else readonly

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """On the clock of the object's site.

        A rule that only the write itself can judge is told on the page; nothing was stored.
        """
        subject = self.get_object(request, unquote(object_id)) if object_id else None
        is_read = subject is not None and self.has_history_permission(request, subject)
        context = (extra_context or {}) | {"show_history": is_read}
        try:
            with timezone.override(self._zone_of(request, subject)):
                response: Any = super().changeform_view(request, object_id, form_url, context)
                return response.render() if hasattr(response, "render") else response  # type: ignore[no-any-return]
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The only site there is need not be chosen."""
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        only = next(iter(roles_in(request).by_site)) if _has_one_site(request) else None
        return {"site": only} | given if only else given

    def store(self, subject: Any) -> None:
        """The one call that writes."""
        registry.save(subject)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the registry, as the API does."""
        self.store(obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Each row by the registry, so that rules between new rows hold as well."""
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        for row in rows:
            registry.save(row)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What is in use is told without loading every event that speaks of it."""
        blocked = [f"{each}: {blocker}" for each in objs if (blocker := registry.blocker_of(each))]
        if blocked:
            return [], {}, set(), blocked
        listed, counts, _, protected = super().get_deleted_objects(objs, request)
        denied = any(not self.has_delete_permission(request, each) for each in objs)
        return listed, counts, {self.opts.verbose_name} if denied else set(), protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """By the registry."""
        try:
            registry.delete(obj)
        except registry.InUse as error:  # since the page before
            raise PermissionDenied(str(error)) from error

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """One by one, by the registry."""
        for each in queryset:
            self.delete_model(request, each)

    def _zone_of(self, request: HttpRequest, subject: Model | None) -> ZoneInfo:
        """Of the object's site, the one that is being chosen, or the only one there is."""
        own = Site.objects.filter(roles_in(request).condition(Role.VIEWER, "pk"))
        if subject is not None:
            own = own.filter(pk=site_id_of(subject, self.site_path))
        elif chosen := self._chosen_site_id(request):
            own = own.filter(pk=chosen)
        names = list(own.values_list("time_zone", flat=True)[:2])
        return ZoneInfo(names[0] if len(names) == 1 else "UTC")

    def _chosen_site_id(self, request: HttpRequest) -> int | None:
        """By the site that a new object is given, or by its camera, say."""
        owner, _, rest = self.site_path.partition("__")
        chosen = request.POST.get(owner, "")
        if not (chosen.isdecimal() and len(chosen) < 19):  # a database's integers end there
            return None
        kind: Any = self.model._meta.get_field(owner).related_model
        row = kind._default_manager.filter(pk=int(chosen)).first()
        return row and (site_id_of(row, rest) if rest else row.pk)

    def _may(self, role: str | None, request: HttpRequest, obj: Model | None) -> bool:
        if role is None:
            return False
        if obj is None:
            return roles_in(request).allow_somewhere(role)
        return roles_in(request).allow(role, site_id_of(obj, self.site_path))


class FactAdmin(SiteScopedAdmin):
    """Facts and what follows from them: read-only, newest first, never counted whole."""

    change_role = None
    ordering: Sequence[str] = ("-id",)  # as stored: the primary key alone serves it at any size
    sortable_by: Sequence[str] = ()
    show_full_result_count = False
    paginator = InfinitePaginator
    list_disable_select_all = True


class SiteScopedInline(OwnChoices, TabularInline):  # type: ignore[misc]
    """Rows within a page of their owner, whose site decides."""

    extra = 0
    hide_title = True  # the row's own fields say what it is
    view_role: str = Role.MANAGER

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the role at the owner's site."""
        return _may_at_owner(self.view_role, request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the role at the owner's site."""
        return _may_at_owner(Role.ADMIN, request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the role at the owner's site."""
        return _may_at_owner(Role.ADMIN, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By the role at the owner's site."""
        return _may_at_owner(Role.ADMIN, request, obj)


class SuperuserOnly:
    """A page, or rows within one, for superusers alone."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return _is_superuser(request)


class OwnSitesFilter(admin.RelatedFieldListFilter):
    """Offers only what the user may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Of the page of the kind that it filters by."""
        page = model_admin.admin_site.get_model_admin(field.related_model)
        own = offered(request, page.get_queryset(request)).values("pk")
        return field.get_choices(include_blank=False, limit_choices_to={"pk__in": own})

    def has_output(self) -> bool:
        """What is chosen narrows the list, offered or not."""
        return bool(self.used_parameters) or bool(super().has_output())


def choices_for(request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
    """The rows that the user may choose in a form: of the sites where they are an admin."""
    roles = roles_in(request)
    if issubclass(model, User):
        free = User.objects.filter(memberships=None)  # just made, and waiting to be added
        known = User.objects.filter(roles.condition(Role.ADMIN, "memberships__site"))
        return (known | free).distinct().order_by("username")
    path = "pk" if issubclass(model, Site) else "site"
    rows = model._default_manager.filter(roles.condition(Role.ADMIN, path))
    return rows.order_by("code" if hasattr(model, "code") else "pk")


def _may_at_owner(role: str, request: HttpRequest, owner: Model | None) -> bool:
    if owner is None:
        return roles_in(request).allow_somewhere(role)
    path = "pk" if isinstance(owner, Site) else "site"
    return roles_in(request).allow(role, site_id_of(owner, path))


def _has_one_site(request: HttpRequest) -> bool:
    roles = roles_in(request)
    return not roles.everywhere and len(roles.by_site) == 1


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)
