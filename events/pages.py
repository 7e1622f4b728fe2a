"""Pages of events: each begins right after a certain event, so that the last costs as the first.

A cursor names the event by time and key. DRF's own names it by time alone, and loses some of those
that happened at one instant on the way back.
"""

import re
from typing import Any, NamedTuple

from django.db.models import Q
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from common.http import CursorPages
from common.instants import to_ms
from events.lists import BY_TIME

_CURSOR = re.compile(r"(?P<side>[ab])(?P<at>\d{1,16})\.(?P<key>\d{1,18})", re.ASCII)


class Cursor(NamedTuple):
    """The events after one in the order of the list, or those before it."""

    is_back: bool
    at: int
    key: int

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Raises NotFound for what no page has said."""
        found = _CURSOR.fullmatch(text)
        if found is None:
            raise exceptions.NotFound("Invalid cursor")
        return cls(found["side"] == "b", int(found["at"]), int(found["key"]))

    @classmethod
    def of(cls, event: Any, *, is_back: bool) -> "Cursor":
        """What follows an event, or goes before it."""
        return cls(is_back, to_ms(event.occurred_at), event.pk)

    def __str__(self) -> str:
        return f"{'b' if self.is_back else 'a'}{self.at}.{self.key}"

    def condition(self, order: tuple[str, ...]) -> Q:
        """The time stands alone as well, since an index can begin there."""
        side = "gt" if self.is_back else "lt"
        beyond = Q(**{f"pk__{side}": self.key})
        if order != BY_TIME:
            return beyond
        from_there = Q(**{f"occurred_at__{side}e": self.at})
        return from_there & (Q(**{f"occurred_at__{side}": self.at}) | beyond)


class EventPages(CursorPages):
    """In the order of the view."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """One more is read than is shown: it says whether there is another page."""
        self.address, size = request.build_absolute_uri(), self.get_page_size(request) or 1
        text = request.query_params.get(self.cursor_query_param)
        cursor = Cursor.read(text) if text else None
        if cursor:
            queryset = queryset.filter(cursor.condition(view.order))
        is_back = bool(cursor and cursor.is_back)
        ordered = queryset.order_by(*view.order)
        found = list((ordered.reverse() if is_back else ordered)[: size + 1])
        shown = found[:size][::-1] if is_back else found[:size]
        self.has_next = is_back or len(found) > size
        self.has_previous = len(found) > size if is_back else cursor is not None
        self.page = shown
        return shown

    def get_next_link(self) -> str | None:
        """Of the events after the last one shown."""
        return self._link(-1, is_back=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """Of the events before the first one shown."""
        return self._link(0, is_back=True) if self.has_previous else None

    def get_paginated_response(self, data: Any) -> Response:
        """As all lists of the API."""
        return Response(
            {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        )

    def _link(self, place: int, *, is_back: bool) -> str | None:
        if not self.page:
            return None
        cursor = Cursor.of(self.page[place], is_back=is_back)
        return str(replace_query_param(self.address, self.cursor_query_param, str(cursor)))
