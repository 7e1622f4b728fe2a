"""A site's page on which a superuser removes it for good: asked twice, done by the worker."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from common import clock
from common.instants import to_ms
from workers.admin.confirmation import Question, ask, is_confirmed
from workers.admin.subject import subject_of
from workers.models import Site
from workers.moving import removal


class RemovalForm(forms.Form):
    """The code, typed by hand: nobody does that by mistake."""

    code = forms.CharField(
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        label="The site's code, typed again",
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._site = site

    def clean_code(self) -> str:
        """Only the site's own."""
        code = str(self.cleaned_data["code"])
        if code != self._site.code:
            raise forms.ValidationError("This is not the site's code.")
        return code


class WithRemoval:
    """The action on a site's page."""

    def has_remove_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    @action(
        description="Remove for good …",
        url_path="remove",
        permissions=["remove"],
        icon="delete_forever",
    )
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Once confirmed the door is locked; the worker does the rest."""
        page: Any = self
        site: Site = subject_of(page, request, object_id)
        form = RemovalForm(request.POST if is_confirmed(request) else None, site=site)
        if not (form.is_bound and form.is_valid()):
            return ask(request, _question(site, form))
        removal.lock_door(site, now_ms=to_ms(clock.now()))
        told = (
            f"{site} is closed; the worker removes what belongs to it. The start page says how far."
        )
        page.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:workers_site_changelist"))


def _question(site: Site, form: RemovalForm) -> Question:
    return Question(
        title=f"Remove {site} for good",
        text="Its events, figures, pictures, reviews, people's roles, keys and history go, and"
        " nothing brings them back but an archive of manage.py export_site. Its keys are refused"
        " from now on; other sites go on.",
        button="Remove it for good",
        back=reverse("admin:workers_site_change", args=[site.pk]),
        is_danger=True,
        form=form,
    )
