"""The admin's start page: what needs attention, what is to be set up, how much was seen."""

from typing import Any

from django.http import HttpRequest

from workers.checklist import checklists
from workers.models import Role
from workers.start_page import Level, cards, sites_in, with_role


def start_context(request: HttpRequest) -> dict[str, Any]:
    """All that its template shows."""
    sites = sites_in(request)
    superuser = bool(request.user.is_superuser)
    found = cards(request, sites)
    return {
        "title": "Start",
        "attention": [card for card in found if card.level != Level.CALM],
        "figures": [card for card in found if card.level == Level.CALM],
        "checklists": checklists(with_role(sites, Role.ADMIN), may_add_site=superuser),
        "has_sites": bool(sites),
    }
