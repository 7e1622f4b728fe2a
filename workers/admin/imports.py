"""Import and export of master data on admin pages: file, trial, confirmation."""

import base64
import binascii
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from workers import exports, sheets
from workers.admin.confirmation import is_confirmed
from workers.admin_site import roles_in
from workers.imports import MAX_WRITES, Import, Report
from workers.models import Role, Site
from workers.sheets import UnreadableError
from workers.tables import TABLES, Table

_WHAT = ("wrong", "new", "changed", "unchanged")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileForm(forms.Form):
    """A file as chosen, or as it comes back with the confirmation."""

    file = forms.FileField(
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.xlsx"}),
        label="CSV or XLSX",
        allow_empty_file=True,
        required=False,
    )
    name = forms.CharField(widget=forms.HiddenInput(), required=False)
    content = forms.CharField(widget=forms.HiddenInput(), required=False, strip=False)
    expected = forms.CharField(widget=forms.HiddenInput(), required=False)
    site = forms.ModelChoiceField(
        Site.objects.none(),
        widget=UnfoldAdminSelectWidget(),
        required=False,
        label="Site",
        help_text="For rows that name none.",
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["site"]
        chosen.queryset = sites
        if len(sites) < 2:
            chosen.widget = forms.HiddenInput()

    def read(self) -> tuple[str, bytes]:
        """The file's name and content. Raises UnreadableError."""
        if not self.is_valid():
            raise UnreadableError(" ".join(str(each) for each in self.errors.values()))
        given = self.cleaned_data
        if upload := given["file"]:
            return upload.name, upload.read(sheets.MAX_BYTES + 1)
        if not given["content"]:
            raise UnreadableError("Choose a file.")
        try:
            return given["name"], base64.b64decode(given["content"], validate=True)
        except binascii.Error as error:
            raise UnreadableError("The file was lost on its way: choose it again.") from error


class WithFiles:
    """A list that is filled from files and written to them."""

    actions_list = [
        {
            "title": "Import and export",
            "icon": "table",
            "items": ["import_file", "export_csv", "export_xlsx", "blank_csv", "blank_xlsx"],
        }
    ]
    file_actions = ["export_chosen_csv", "export_chosen_xlsx"]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Admins of a site."""
        return roles_in(request).allow_somewhere(Role.ADMIN)

    @action(description="Import …", url_path="import", permissions=["import"], icon="upload")
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """A file, then what would become of it, then it is done."""
        page: Any = self
        sites = Site.objects.filter(roles_in(request).condition(Role.ADMIN, "pk")).order_by("name")
        is_sent = request.method == "POST"
        form = FileForm(*([request.POST, request.FILES] if is_sent else []), sites=sites)
        said: dict[str, Any] = {}
        if is_sent:
            try:
                said = self._said_of(request, form)
            except UnreadableError as error:
                said = {"problem": str(error)}
            if said.get("done"):
                page.message_user(request, said["done"], messages.SUCCESS)
                return HttpResponseRedirect(_list_of(page))
        return self._page(request, form, said)

    @action(description="Export CSV", url_path="export-csv", permissions=["view"], icon="download")
    def export_csv(self, request: HttpRequest) -> HttpResponse:
        """All that the user may read."""
        return self._export(request, "csv", Q())

    @action(
        description="Export XLSX", url_path="export-xlsx", permissions=["view"], icon="download"
    )
    def export_xlsx(self, request: HttpRequest) -> HttpResponse:
        """All that the user may read."""
        return self._export(request, "xlsx", Q())

    @action(
        description="Template, CSV", url_path="template-csv", permissions=["import"], icon="draft"
    )
    def blank_csv(self, _request: HttpRequest) -> HttpResponse:
        """The heading alone."""
        return self._file("csv", exports.blank(self._table), suffix="-template")

    @action(
        description="Template, XLSX", url_path="template-xlsx", permissions=["import"], icon="draft"
    )
    def blank_xlsx(self, _request: HttpRequest) -> HttpResponse:
        """The heading, and a second sheet that says what belongs where."""
        return self._file("xlsx", exports.blank(self._table), suffix="-template", with_notes=True)

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_chosen_csv(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Those chosen."""
        return self._export(request, "csv", Q(pk__in=queryset.order_by().values("pk")))

    @admin.action(description="Export as XLSX", permissions=["view"])
    def export_chosen_xlsx(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Those chosen."""
        return self._export(request, "xlsx", Q(pk__in=queryset.order_by().values("pk")))

    @property
    def _table(self) -> Table:
        page: Any = self
        return TABLES[page.opts.model_name]

    def _export(self, request: HttpRequest, kind: str, condition: Q) -> HttpResponse:
        return self._file(kind, exports.lines_of(self._table, roles_in(request), condition))

    def _file(
        self, kind: str, lines: list[list[str]], *, suffix: str = "", with_notes: bool = False
    ) -> HttpResponse:
        page: Any = self
        notes = exports.notes(self._table) if with_notes else []
        content = sheets.to_csv(lines) if kind == "csv" else sheets.to_xlsx(lines, notes)
        plural = str(page.opts.verbose_name_plural)
        name = f'attachment; filename="{plural}{suffix}.{kind}"'
        headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
        return HttpResponse(content, content_type=_TYPES[kind], headers=headers)

    def _said_of(self, request: HttpRequest, form: FileForm) -> dict[str, Any]:
        """A trial's report, or that it is done. Raises UnreadableError."""
        name, content = form.read()
        job = Import(
            self._table,
            sheets.read(name, content),
            roles_in(request),
            site=form.cleaned_data["site"],
        )
        expected = form.cleaned_data["expected"]
        if not is_confirmed(request):
            return _told(name, content, job.try_out())
        report = job.carry_out(expected=expected, way=f"import of {name}")
        if report.is_clean and report.fingerprint == expected:
            return {"done": _done(report)}
        return _told(name, content, report) | {
            "problem": "Something else changed meanwhile, so nothing was imported: look again."
        }

    def _page(self, request: HttpRequest, form: FileForm, said: dict[str, Any]) -> HttpResponse:
        page: Any = self
        if not self.has_import_permission(request):
            raise PermissionDenied
        context = {
            **page.admin_site.each_context(request),
            "title": f"Import {page.opts.verbose_name_plural}",
            "meta": page.opts,
            "form": form,
            "site_is_asked": len(form.fields["site"].queryset) > 1,  # type: ignore[attr-defined]
            "columns": self._table.columns,
            "required": self._table.required,
            "most_writes": MAX_WRITES,
            "back": _list_of(page),
            **said,
        }
        return TemplateResponse(request, "workers/import.html", context)


def _told(name: str, content: bytes, report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "file_name": name,
        "content": base64.b64encode(content).decode(),
        "counts": [(what, len(found)) for what in _WHAT if (found := report.of(what))],
        "shown": report.of("wrong") + report.of("changed") + report.of("new"),
        "unchanged": report.of("unchanged"),
    }


def _done(report: Report) -> str:
    new, changed, same = (len(report.of(what)) for what in ("new", "changed", "unchanged"))
    return f"Imported: {new} new, {changed} changed, {same} unchanged."


def _list_of(page: Any) -> str:
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
