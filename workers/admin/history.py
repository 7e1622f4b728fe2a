"""The page that says who changed what, when and how; for admins of the site alone."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from workers import changes
from workers.access import site_id_of
from workers.admin_site import roles_in
from workers.changes import Page
from workers.models import Role, Site

MAX_DIGITS = 5  # of a page's number
_CHANGE = "admin:{}_change"


class WithHistory:
    """History of kinds that keep one; the other kinds keep Django's own page."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A site's history is that of everything there."""
        page: Any = self
        if page.model not in changes.kinds():
            return super().history_view(request, object_id, extra_context)  # type: ignore[misc, no-any-return]
        subject = page.get_object(request, unquote(object_id))
        if subject is None:
            return page._get_obj_does_not_exist_redirect(request, page.opts, object_id)  # type: ignore[no-any-return]
        if not page.has_history_permission(request, subject):
            raise PermissionDenied
        site = Site.objects.get(pk=site_id_of(subject, page.site_path))
        context = {
            **page.admin_site.each_context(request),
            **_read(subject, site, request),
            "title": f"History of {subject}",
            "subject": subject,
            "back": reverse(
                _CHANGE.format(page.opts.label_lower.replace(".", "_")), args=[subject.pk]
            ),
        }
        return TemplateResponse(request, "workers/history.html", context)

    def has_history_permission(self, request: HttpRequest, subject: Any) -> bool:
        """Admins of the site."""
        page: Any = self
        if page.model not in changes.kinds():
            return False
        return roles_in(request).allow(Role.ADMIN, site_id_of(subject, page.site_path))


def _read(subject: Any, site: Site, request: HttpRequest) -> dict[str, Any]:
    given = request.GET
    asked = given.get("p", "")
    number = max(int(asked), 1) if asked.isdecimal() and len(asked) <= MAX_DIGITS else 1
    if subject != site:
        found = changes.of(subject, time_zone=site.time_zone, page=number)
        return _pages(found, number, site)
    kind, words = given.get("kind", ""), given.get("q", "").replace("\0", "")
    found = changes.of_site(site, page=number, kind=kind, words=words)
    kinds = {str(each._meta.model_name): each._meta.verbose_name for each in changes.kinds()}
    return _pages(found, number, site) | {"kinds": kinds, "kind": kind, "words": words}


def _pages(found: Page, number: int, site: Site) -> dict[str, Any]:
    return {
        "changes": found.changes,
        "newer": number - 1,
        "older": number + 1 if found.has_next else None,
        "time_zone": site.time_zone,
    }
