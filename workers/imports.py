"""Imports a table of master data through the API's own serializers, so that the same rules hold.

It is tried out first and told row by row; carried out, it is whole or not at all.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from rest_framework import serializers

from workers.access import Roles
from workers.models import Role, Site
from workers.models.history import by_way_of
from workers.revisions import raised_once
from workers.sheets import Row, Sheet, UnreadableError
from workers.table_columns import CellError
from workers.tables import Table

MAX_WRITES = 500  # they hold other writers, such as ingest, up for about three seconds

_Key = tuple[Any, ...]
_Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """A text in the file that differs from what is stored."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a row: it is `new`, `changed`, `unchanged` or `wrong`."""

    number: int
    what: str
    about: str
    edits: tuple[Edit, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What becomes of all rows of a file."""

    outcomes: list[Outcome]

    def of(self, what: str) -> list[Outcome]:
        """Those that fare so."""
        return [each for each in self.outcomes if each.what == what]

    @property
    def is_clean(self) -> bool:
        """Whether no row is wrong."""
        return not self.of("wrong")

    @property
    def has_effect(self) -> bool:
        """Whether anything is new or changed."""
        return bool(self.of("new") or self.of("changed"))

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same effect."""
        told = repr(self.outcomes).encode("utf-8", "backslashreplace")
        return hashlib.blake2s(told, digest_size=16).hexdigest()


class Import:
    """A file for one kind, by one user; `site` stands where a row names none.

    `only_new` leaves alone what is there already. Raises UnreadableError for columns that are
    missing or unknown.
    """

    def __init__(
        self,
        table: Table,
        sheet: Sheet,
        roles: Roles,
        *,
        site: Site | None = None,
        only_new: bool = False,
    ) -> None:
        _check(table, sheet)
        self.table, self.sheet, self.roles, self.only_new = table, sheet, roles, only_new
        self._door = table.door(roles)
        own = Site.objects.filter(roles.condition(Role.ADMIN, "pk"))
        self._sites = {each.code: each for each in own}
        self._site = site or (next(iter(own)) if len(own) == 1 else None)
        named = {column.name: column for column in table.columns}
        self._columns = [named[name] for name in sheet.columns if name != "site"]
        self._key = [name for name in table.key if name in sheet.columns and name != "site"]

    def try_out(self) -> Report:
        """What would become of it; nothing is stored."""
        with transaction.atomic():
            report = self.run()
            transaction.set_rollback(True)
        return report

    def carry_out(self, *, expected: str, way: str) -> Report:
        """Stores it, if no row is wrong and the effect is the expected one."""
        with transaction.atomic(), by_way_of(way):
            report = self.run()
            if not report.is_clean or report.fingerprint != expected:
                transaction.set_rollback(True)
        return report

    def run(self) -> Report:
        """Writes what is not wrong, inside the caller's transaction, who keeps it or not."""
        self._present = self._read_present()
        self._rows_by_key: dict[_Key, int] = {}
        self._writes = 0
        with raised_once():
            return Report([self._outcome(row) for row in self.sheet.rows])

    def _read_present(self) -> dict[_Key, list[tuple[Any, _Body]]]:
        """What the user's sites have, with how the API shows it, by the file's key."""
        rows = self._door.get_queryset().filter(site__in=self._sites.values())
        shown = self._serializer(rows, many=True).data
        present = defaultdict(list)
        for row, wire in zip(rows, shown, strict=True):
            present[wire["site"], *(wire[name] for name in self._key)].append((row, wire))
        return present

    def _outcome(self, row: Row) -> Outcome:
        number, texts = row
        about = " ".join(texts[name] for name in self._key).strip()
        try:
            site = self._site_of(texts)
            zone = ZoneInfo(site.time_zone)
            body = self._body(texts, zone)
            subject, wire = self._subject(number, (site.code, *(body[k] for k in self._key)))
            edits = tuple(self._edits(body, wire, zone))
            if wire and (self.only_new or not edits):
                return Outcome(number, "unchanged", about)
            self._write(subject, {"site": site.code, **body})
        except CellError as error:
            return Outcome(number, "wrong", about, errors=tuple(error.args))
        return Outcome(number, "changed" if wire else "new", about, edits)

    def _site_of(self, texts: dict[str, str]) -> Site:
        code = texts.get("site") or (self._site.code if self._site else "")
        if not code:
            raise CellError("site: Name one, or choose it above.")
        if code not in self._sites:
            raise CellError(f"site: There is no site {code!r} of which you are an admin.")
        return self._sites[code]

    def _body(self, texts: dict[str, str], zone: ZoneInfo) -> _Body:
        """The row as the API takes it."""
        body, wrong = {}, []
        for column in self._columns:
            try:
                body[column.name] = column.read(texts[column.name], zone)
            except CellError as error:
                wrong.append(f"{column.name}: {error}")
        if wrong:
            raise CellError(*wrong)
        return body

    def _subject(self, number: int, key: _Key) -> tuple[Any, _Body]:
        """What is stored under the key, with how it is shown; nothing for a new one."""
        if (first := self._rows_by_key.setdefault(key, number)) != number:
            raise CellError(f"This is the same as row {first}: leave one of them out.")
        found = self._present.get(key, [])
        if len(found) > 1:
            missing = ", ".join(set(self.table.key) - {"site", *self._key})
            told = f"give {missing} too" if missing else "change it on its own page"
            raise CellError(f"There are {len(found)} of these: {told}.")
        return found[0] if found else (None, {})

    def _edits(self, body: _Body, wire: _Body, zone: ZoneInfo) -> Iterator[Edit]:
        for column in self._columns:
            if column.name in self._key:
                continue  # it is what the row is about
            new = column.show(body[column.name], zone)
            old = column.show(wire[column.name], zone) if wire else ""
            if old != new:
                yield Edit(column.name, old, new)

    def _write(self, subject: Any, body: _Body) -> None:
        self._writes += 1
        if self._writes > MAX_WRITES:
            raise UnreadableError(
                f"More than {MAX_WRITES} rows would be new or changed: split the file."
            )
        serializer = self._serializer(subject, data=body, partial=subject is not None)
        target = serializer.Meta.model() if subject is None else subject
        try:
            serializer.is_valid(raise_exception=True)
            extras = serializer.apply_to(target)
            with serializer.answering():
                self._door.save(target, **extras)
        except serializers.ValidationError as error:
            raise CellError(*_flat(error.detail)) from error

    def _serializer(self, *args: Any, **kwargs: Any) -> Any:
        kind: Any = self._door.serializer_class
        return kind(*args, context={"view": self._door}, **kwargs)


def _check(table: Table, sheet: Sheet) -> None:
    told = f"The columns are: {', '.join(table.names)}."
    for name in sheet.columns:
        if name not in table.names:
            raise UnreadableError(f"There is no column {name!r}. {told}")
    for name in table.key:
        if name in table.required and name not in sheet.columns:
            raise UnreadableError(f"The column {name!r} is missing. {told}")


def _flat(detail: Any, path: str = "") -> Iterator[str]:
    """Every message, with the name of what it is about."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else path or str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, path)
    else:
        yield f"{path}: {detail}" if path else str(detail)
