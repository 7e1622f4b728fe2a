"""A site's page on which it gets shifts, workstations and cameras from another of one's sites."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from workers.admin.confirmation import is_confirmed
from workers.admin.filters import today_at
from workers.admin_site import roles_in
from workers.copying import KINDS, Copy, fingerprint
from workers.imports import Report
from workers.models import Role, Site
from workers.sheets import UnreadableError

_WORDS = {"shift": "shifts", "workstation": "workstations", "camera": "cameras"}
_CHOICES = [
    ("shift", "Shifts, with their breaks"),
    ("workstation", "Workstations, with their targets"),
    ("camera", "Cameras' settings, without their keys and model versions"),
]


class CopyForm(forms.Form):
    source = forms.ModelChoiceField(
        Site.objects.none(), widget=UnfoldAdminSelectWidget(), label="From", empty_label=None
    )
    kinds = forms.MultipleChoiceField(
        choices=_CHOICES,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        initial=KINDS,
        label="What",
        help_text="What this site has already, by name or code, stays as it is.",
    )
    expected = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, sources: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["source"]
        chosen.queryset = sources


class WithCopying:
    """The action on a site's page."""

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Admins of the site, who are admins of another one too."""
        roles, page = roles_in(request), self._page
        site = page.get_object(request, object_id) if object_id else None
        if site is None or not roles.allow(Role.ADMIN, site.pk):
            return False
        return self._sources(request, site).exists()

    @action(
        description="Copy from another site …",
        url_path="copy",
        permissions=["copy"],
        icon="content_copy",
    )
    def copy_from(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What from where, then what would become of it, then it is done."""
        site = self._page.get_object(request, object_id)
        if site is None:
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = CopyForm(data, sources=self._sources(request, site))
        said: dict[str, Any] = {}
        if form.is_bound and form.is_valid():
            try:
                said = self._said_of(request, site, form.cleaned_data)
            except UnreadableError as error:
                said = {"problem": str(error)}
            if said.get("done"):
                self._page.message_user(request, said["done"], messages.SUCCESS)
                return HttpResponseRedirect(_page_of(site))
        context = {
            **self._page.admin_site.each_context(request),
            "title": f"Copy to {site}",
            "form": form,
            "site": site,
            "back": _page_of(site),
            **said,
        }
        return TemplateResponse(request, "workers/copy.html", context)

    def _said_of(self, request: HttpRequest, site: Site, given: dict[str, Any]) -> dict[str, Any]:
        wish = Copy(given["source"], site, given["kinds"], roles_in(request), today_at(site))
        if not is_confirmed(request):
            return _told(wish, wish.try_out())
        reports = wish.carry_out(expected=given["expected"])
        if _is_clean(reports) and fingerprint(reports) == given["expected"]:
            return {"done": f"Copied from {wish.source}: {_counted(reports)}."}
        changed = "Something else changed meanwhile, so nothing was copied: look again."
        return _told(wish, reports) | {"problem": changed}

    @property
    def _page(self) -> Any:
        return self

    def _sources(self, request: HttpRequest, site: Site) -> QuerySet[Site]:
        own = Site.objects.filter(roles_in(request).condition(Role.ADMIN, "pk"))
        return own.exclude(pk=site.pk).order_by("name")


def _told(wish: Copy, reports: dict[str, Report]) -> dict[str, Any]:
    return {
        "wish": wish,
        "told": [(_WORDS[kind], report) for kind, report in reports.items()],
        "expected": fingerprint(reports),
        "is_clean": _is_clean(reports),
        "has_effect": any(report.has_effect for report in reports.values()),
    }


def _is_clean(reports: dict[str, Report]) -> bool:
    return all(report.is_clean for report in reports.values())


def _counted(reports: dict[str, Report]) -> str:
    return ", ".join(f"{len(r.of('new'))} {_WORDS[kind]}" for kind, r in reports.items())


def _page_of(site: Site) -> str:
    return reverse("admin:workers_site_change", args=[site.pk])
