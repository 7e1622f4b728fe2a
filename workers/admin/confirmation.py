"""A page between asking and doing: what will happen, to what, and one button that does it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse

CONFIRMED = "confirmed"  # the name of the button; a form without it has only been asked for


@dataclass(frozen=True, slots=True)
class Question:
    """What the page says. `button` names what it does; `back` is where no leads."""

    title: str
    text: str
    button: str
    back: Any  # an address, maybe lazy
    subjects: Sequence[str] = ()
    is_danger: bool = False
    form: forms.Form | None = None
    hidden: Mapping[str, Iterable[str]] = field(default_factory=dict)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the button on the page was pressed."""
    return request.method == "POST" and CONFIRMED in request.POST


def ask(request: HttpRequest, question: Question, **context: Any) -> TemplateResponse:
    """The page."""
    values = [(name, value) for name, given in question.hidden.items() for value in given]
    everywhere = admin.site.each_context(request)
    said = {"title": question.title, "question": question, "hidden": values, **context}
    return TemplateResponse(request, "admin/confirm.html", everywhere | said)


def selection(action: str, rows: Iterable[Model]) -> dict[str, list[str]]:
    """What an action on selected rows needs to be asked for again."""
    return {"action": [action], ACTION_CHECKBOX_NAME: [str(row.pk) for row in rows]}
