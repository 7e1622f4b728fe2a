"""What files of master data hold: one table for each kind, in the words of the API."""

from dataclasses import dataclass
from typing import Any

from workers import table_columns as columns
from workers.access import Roles
from workers.api.cameras import CameraViewSet
from workers.api.people import WorkerViewSet
from workers.api.shifts import ClosureViewSet, ShiftViewSet
from workers.api.viewset import MasterViewSet
from workers.api.workstations import WorkstationViewSet
from workers.table_columns import Column


@dataclass(frozen=True)
class Table:
    """What a file holds: the columns of a kind, and those by which a row is known again."""

    view: type[MasterViewSet[Any]]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: tuple[str, ...]
    names_people: bool = False

    @property
    def names(self) -> list[str]:
        """Of the columns, in their order."""
        return [column.name for column in self.columns]

    def door(self, roles: Roles) -> MasterViewSet[Any]:
        """The API's own way to the kind, for who has these roles."""
        view = self.view()
        view.action, view.roles = "update", roles
        return view


_SITE = columns.text("site", "Code of the site; may be left out if there is only one.")
_CODE = columns.text("code", "What events name it by; it never changes.")
_DAYS = (
    columns.day("active_from", "The first day that counts; empty: since ever."),
    columns.day("active_until", "The first day that no longer counts; empty: open."),
)
_VALID = (
    columns.day("valid_from", "The first day that counts; empty: since ever."),
    columns.day("valid_until", "The first day that no longer counts; empty: open."),
)
_START, _END = "Local time on a 5-minute mark, as 06:00.", "Not after the start: on the next day."

TABLES = {
    "worker": Table(
        WorkerViewSet,
        ("site", "code"),
        (
            _SITE,
            _CODE,
            columns.text("name", "Display name."),
            columns.names("shifts", "Names with ; between them; empty: all of the site's."),
            columns.yes_no("anonymous", "Nobody in particular: counts at workstations alone."),
            *_DAYS,
        ),
        ("code", "name"),
        names_people=True,
    ),
    "workstation": Table(
        WorkstationViewSet,
        ("site", "code"),
        (
            _SITE,
            _CODE,
            columns.text("name", "Display name."),
            columns.text("type", "Free text, such as assembly."),
            columns.number("target_per_hour", "Units per scheduled hour; empty: no target."),
            *_DAYS,
        ),
        ("code", "name"),
    ),
    "camera": Table(
        CameraViewSet,
        ("site", "code"),
        (
            _SITE,
            _CODE,
            columns.text("name", "Display name."),
            columns.names("workstations", "Codes of those it watches, with ; between them."),
            columns.number("state_ttl_s", "Seconds that a state holds without news."),
            columns.number("reporting_interval_s", "Seconds between two events; may be empty."),
            columns.optional("model_version", "What it runs; a new one runs from now on."),
            *_DAYS,
        ),
        ("code", "name"),
    ),
    "shift": Table(
        ShiftViewSet,
        ("site", "name", "valid_from"),
        (
            _SITE,
            columns.text("name", "A change from a day on is a second row of the same name."),
            columns.weekdays("weekdays", "Digits, Monday is 1, as 12345."),
            columns.clock_time("start", _START),
            columns.clock_time("end", f"{_START} {_END}"),
            columns.breaks("breaks", "As 10:00-10:30; 12:00-12:15."),
            *_VALID,
        ),
        ("name", "start", "end"),
    ),
    "closure": Table(
        ClosureViewSet,
        ("site", "start"),
        (
            _SITE,
            columns.moment("start", "On the site's clock, as 2026-12-24T06:00."),
            columns.moment("end", "The same; nothing is scheduled in between."),
            columns.text("reason", "Free text."),
        ),
        ("start", "end", "reason"),
    ),
}
