"""What a filter beside a list offers, where there may be thousands."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest

from workers.admin_site import roles_in
from workers.models import Site

MOST_OFFERED = 100  # of several sites together: links beside a list, each of which is read
_NAMES_SITE = ("site", "site__id__exact", "camera__site__id__exact", "worker__site__id__exact")
_LONGEST_NUMBER = 18  # digits: of an id that any database can hold


def offered(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What a filter offers of many things: those of the site that another filter names.

    Of several sites together there are none to choose from where they would be too many.
    """
    if issubclass(rows.model, Site) or len(roles_in(request).by_site) == 1:
        return rows
    site = next((given for name in _NAMES_SITE if (given := request.GET.get(name, ""))), "")
    if site.isascii() and site.isdigit():
        return rows.filter(site=int(site[:_LONGEST_NUMBER]))
    found = rows.aggregate(number=Count("pk"), sites=Count("site", distinct=True))
    is_too_much = found["number"] > MOST_OFFERED and found["sites"] > 1
    return rows.none() if is_too_much else rows
