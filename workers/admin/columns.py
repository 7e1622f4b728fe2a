"""Columns of lists whose values other apps know; settings.ADMIN_COLUMNS names who answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.module_loading import import_string
from unfold.views import ChangeList

from common import clock

DASH = "–"
Cells = Mapping[str, Any]  # by the column's name; texts, or markup that is safe


@dataclass(frozen=True)
class Columns:
    """Some columns, and one function that fills them for all rows of a page.

    What `read(rows, at)` costs may grow with the number of sites on the page, never with the rows.
    """

    titles: Mapping[str, str]
    read: Callable[[Sequence[Any], datetime], Mapping[int, Cells]]


class CurrentFigures:
    """Puts these columns into a list, after the one named `figures_after`."""

    figures_after = "name"

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """A list to choose from in a window of its own stays plain."""
        shown = list(super().get_list_display(request))  # type: ignore[misc]
        if "_popup" in request.GET:
            return shown
        found = [
            _cell(name, title)
            for columns in self._columns()
            for name, title in columns.titles.items()
        ]
        after = shown.index(self.figures_after) + 1 if self.figures_after in shown else len(shown)
        return [*shown[:after], *found, *shown[after:]]

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        """One that asks for the whole page at once."""
        return _FiguresList

    def fill(self, rows: Iterable[Any]) -> None:
        """Asks for the figures of these rows."""
        listed = {row.pk: row for row in rows}
        for row in listed.values():
            row.figures = {}
        for columns in self._columns() if listed else ():
            for pk, cells in columns.read(list(listed.values()), clock.now()).items():
                listed[pk].figures |= cells

    def _columns(self) -> list[Columns]:
        page: Any = self
        return [import_string(path) for path in settings.ADMIN_COLUMNS.get(page.opts.label, ())]


class _FiguresList(ChangeList):  # type: ignore[misc]
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if "_popup" not in request.GET:
            self.model_admin.fill(self.result_list)


def _cell(name: str, title: str) -> Callable[[Any], Any]:
    @admin.display(description=title)
    def cell(row: Any) -> Any:
        return row.figures.get(name, DASH)

    cell.__name__ = name  # Django makes the cell's CSS class of it
    return cell
