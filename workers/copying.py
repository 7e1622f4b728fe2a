"""Copies shifts, workstations and cameras' settings from one site to another, never keys.

What the other site has already stays as it is. Tried out first; whole or not at all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from workers.access import Roles
from workers.exports import lines_of
from workers.imports import Import, Report
from workers.models import Shift, Site, Workstation
from workers.models.history import by_way_of
from workers.sheets import Sheet
from workers.tables import TABLES

KINDS = ("shift", "workstation", "camera")  # in this order: a camera names workstations
_LEFT_OUT = {"model_version"}  # what runs there is for whoever sets the cameras up


@dataclass(frozen=True)
class Copy:
    """A wish: these kinds from there to here, by a user with these roles, on this day."""

    source: Site
    target: Site
    kinds: Collection[str]
    roles: Roles
    today: date

    def try_out(self) -> dict[str, Report]:
        """What would become of it, by kind; nothing is stored."""
        with transaction.atomic():
            reports = self._run()
            transaction.set_rollback(True)
        return reports

    def carry_out(self, *, expected: str) -> dict[str, Report]:
        """Stores it, if nothing is wrong and the effect is the expected one."""
        with transaction.atomic(), by_way_of(f"copied from {self.source.code}"):
            reports = self._run()
            if expected != fingerprint(reports) or not all(r.is_clean for r in reports.values()):
                transaction.set_rollback(True)
        return reports

    def _run(self) -> dict[str, Report]:
        return {
            kind: Import(TABLES[kind], self._sheet(kind), self.roles, only_new=True).run()
            for kind in KINDS
            if kind in self.kinds
        }

    def _sheet(self, kind: str) -> Sheet:
        """The rows of the source that still count, as a file of the target."""
        heading, *lines = lines_of(
            TABLES[kind], self.roles, Q(site=self.source) & self._lasts(kind)
        )
        columns = [name for name in heading if name not in _LEFT_OUT]
        rows = [self._moved(kind, dict(zip(heading, line, strict=True))) for line in lines]
        texts = [{name: row[name] for name in columns} for row in rows]
        return Sheet(tuple(columns), tuple(enumerate(texts, start=1)))

    def _lasts(self, kind: str) -> Q:
        end = "valid_until" if kind == "shift" else "active_until"
        lasting = Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": self.today})
        if kind != "shift":
            return lasting
        # A shift's dated rows belong together: those of a name are copied all or none.
        known = Shift.objects.filter(site=self.target).values_list("name", flat=True)
        return lasting & ~Q(name__in=set(known))

    def _moved(self, kind: str, row: dict[str, Any]) -> dict[str, Any]:
        moved = row | {"site": self.target.code}
        if kind == "camera":
            column = next(each for each in TABLES[kind].columns if each.name == "workstations")
            zone: Any = None  # codes know none
            codes = set(Workstation.objects.filter(site=self.target).values_list("code", flat=True))
            watched = codes.intersection(column.read(row["workstations"], zone))
            moved["workstations"] = column.show(watched, zone)
        return moved


def fingerprint(reports: dict[str, Report]) -> str:
    """The same for the same effect."""
    return " ".join(f"{kind}:{report.fingerprint}" for kind, report in reports.items())
