"""Exports master data as tables that an import reads back without a change."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from workers.access import Roles
from workers.tables import Table


def lines_of(table: Table, roles: Roles, condition: Q) -> list[list[str]]:
    """A heading and a line for each row of the kind that fits, of what the user may read."""
    door = table.door(roles)
    rows = door.get_queryset().filter(roles.condition(door.read_role, "site"), condition)
    rows = rows.order_by("site__code", "pk").select_related("site")
    kind: Any = door.serializer_class
    shown = kind(rows, many=True, context={"view": door}).data
    columns = table.columns
    if table.names_people and not all(roles.show_names(row.site) for row in rows):
        # A code in a name's place would be taken for the name when it is read back.
        columns = tuple(each for each in columns if each.name != "name")
    return [
        [column.name for column in columns],
        *(
            [column.show(wire[column.name], ZoneInfo(row.site.time_zone)) for column in columns]
            for row, wire in zip(rows, shown, strict=True)
        ),
    ]


def blank(table: Table) -> list[list[str]]:
    """The heading alone, to be filled in."""
    return [table.names]


def notes(table: Table) -> list[list[str]]:
    """What belongs into each column."""
    return [
        ["column", "required", "what belongs there"],
        *(
            [each.name, "yes" if each.name in table.required else "", each.help]
            for each in table.columns
        ),
    ]
