"""A page that shows a secret once: as the answer to a form, in no message, session or address."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

# Of the buttons of an add page only "Save": the next page is the one that shows the secret.
ONE = {"show_save_and_add_another": False, "show_save_and_continue": False}


@dataclass(frozen=True, slots=True)
class Once:
    """The secret with what to do with it. `back` is where the page leads, and what it is called."""

    title: str
    heading: str
    secret: str
    text: str
    back: str


def show(request: HttpRequest, once: Once) -> TemplateResponse:
    """The page; no cache keeps it."""
    context = admin.site.each_context(request) | {"title": once.title, "once": once}
    response = TemplateResponse(request, "admin/once.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
