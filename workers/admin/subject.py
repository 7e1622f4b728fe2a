"""The object that the address of an admin action names."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest


def subject_of(page: "ModelAdmin[Any]", request: HttpRequest, object_id: str) -> Any:
    """Raises Http404, also for objects of sites whose page the user may not open."""
    subject = page.get_object(request, object_id)
    if subject is None:
        raise Http404
    return subject
