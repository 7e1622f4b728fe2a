"""Reads a site from an archive into this installation, under numbers of its own.

Ids keep their order and distances: each kind of row gets a stretch of ids that nobody else has, and
an id there is the old one plus a fixed number. So nothing has to be remembered of millions of rows.
Until the last row has come the site is `arriving`, and nobody sees it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import F

from common import dialect
from workers.models import Site
from workers.models.fields import validate_code
from workers.moving import removal
from workers.moving.archive import FORMAT, VERSION, DamagedError, Json, Reader
from workers.moving.exporting import Tell, migrations
from workers.moving.files import folders
from workers.moving.kinds import Kind, kinds
from workers.moving.rows import Numbers, People, Plan
from workers.moving.steps import in_steps

STEP = 2_000  # rows stored in one transaction


class NotImportedError(Exception):
    """Why the archive can't be imported here; nothing of it is left."""


@dataclass
class Imported:
    """What came, and what did not."""

    code: str
    rows: int = 0
    files: int = 0
    unknown_people: set[str] = field(default_factory=set)  # named, and without an account here
    closed_accounts: list[str] = field(default_factory=list)  # made for what reviewers said
    left_out: dict[str, int] = field(default_factory=dict)  # rows that could not come, by kind


def import_site(path: Path, *, code: str = "", tell: Tell) -> Imported:
    """The site, open. Raises NotImportedError, OSError."""
    try:
        with Reader(path) as reader:
            code = _checked(reader, code)
            return _Arrival(reader, code, tell).run()
    except DamagedError as error:
        raise NotImportedError(str(error)) from error
    except (msgspec.MsgspecError, DataError, IntegrityError) as error:
        raise NotImportedError(f"The archive contradicts itself: {error}") from error


def _checked(reader: Reader, code: str) -> str:
    """The site's code here; all of the archive has been read once."""
    manifest = reader.manifest
    if manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        raise NotImportedError(f"The archive is not of the format {FORMAT} {VERSION}.")
    if newer := sorted(set(manifest["migrations"]) - set(migrations())):
        raise NotImportedError(f"The archive is of a newer version of this program ({newer[-1]}).")
    code = code or str(manifest["code"])
    try:
        validate_code(code)
    except ValidationError as error:
        raise NotImportedError(" ".join(error.messages)) from error
    _refuse_taken(code)
    _check_content(reader)
    return code


def _refuse_taken(code: str) -> None:
    there = Site.every.filter(code=code).first()
    if there is None:
        return
    if there.state == Site.State.OPEN:
        raise NotImportedError(f"There is a site {code!r} here: choose another code with --code.")
    raise NotImportedError(
        f"A site {code!r} is {there.state} here. If that was cut off, finish it:"
        f" manage.py remove_site {code}"
    )


def _check_content(reader: Reader) -> None:
    known = {kind.label: kind for kind in kinds()}
    for entry in reader.manifest["kinds"]:
        kind = known.get(entry["kind"])
        if kind is None or not set(entry["columns"]) <= set(kind.columns):
            raise NotImportedError(f"The archive has rows that are unknown here: {entry['kind']}.")
    for entry in (*reader.manifest["kinds"], reader.manifest["users"], reader.manifest["files"]):
        reader.check(entry)
    for entry in reader.rows(reader.manifest["files"]["file"]):
        reader.check(entry)


class _Arrival:
    """One import."""

    def __init__(self, reader: Reader, code: str, tell: Tell) -> None:
        self._reader, self._code, self._tell = reader, code, tell
        self._entries: dict[str, Json] = {e["kind"]: e for e in reader.manifest["kinds"]}
        self._numbers = Numbers(_reserved(reader.manifest["ids"]))
        self._people = People(dict(reader.rows(reader.manifest["users"]["file"])))
        self._done = Imported(code)

    def run(self) -> Imported:
        """Everything, or nothing."""
        site_id = self._site_id()
        try:
            for kind in kinds():
                self._store(kind)
            self._unpack(site_id)
            for arrived in _arrivals():
                arrived(site_id)
            os.sync()  # files are on the disk before anybody hears of them
            _open(site_id)
        except BaseException:
            removal.sweep(site_id)
            raise
        self._done.unknown_people = self._people.unknown
        self._done.closed_accounts = self._people.made
        return self._done

    def _site_id(self) -> int:
        entry = self._entries[Site._meta.label]
        (row,) = self._reader.rows(entry["file"])
        return int(row[entry["columns"].index("id")]) + self._numbers.offsets[Site]

    def _store(self, kind: Kind) -> None:
        entry = self._entries.get(kind.label)
        if entry is None or not entry["rows"]:
            return
        columns: list[str] = entry["columns"]
        plan = Plan(kind, columns, self._numbers, self._people, code=self._code)
        stored = 0
        for lines in in_steps(self._reader.rows(entry["file"]), STEP):
            rows = [plan.row_of(line) for line in self._wanted(kind, columns, plan, lines)]
            with transaction.atomic():
                dialect.insert(kind.model, plan.columns, rows)
            stored += len(rows)
        self._done.rows += stored
        if stored < entry["rows"]:
            self._done.left_out[kind.label] = entry["rows"] - stored
        self._tell(f"{kind.label}: {stored:,}")

    def _wanted(self, kind: Kind, columns: list[str], plan: Plan, lines: list[Any]) -> list[Any]:
        """But for rows of people unknown here, and those of which the original is here."""
        taken = _taken(kind, columns, lines)
        at = columns.index(kind.unique) if kind.unique else 0
        wanted, others = [], set()
        for line in lines:
            if line[at] in taken or not plan.is_wanted(line):
                others.add(line[columns.index(kind.own_key)])
            else:
                wanted.append(line)
        if others:
            self._numbers.skipped.setdefault(kind.model, set()).update(others)
        return wanted

    def _unpack(self, site_id: int) -> None:
        by_name = {folder.name: folder for folder in folders()}
        for entry in self._reader.rows(self._reader.manifest["files"]["file"]):
            sort, _, name = str(entry["file"]).partition("/")
            try:
                place = by_name[sort].place_of(site_id, name)
            except (KeyError, ValueError) as error:
                raise DamagedError(f"{entry['file']} is no file of a site.") from error
            if place is not None:
                self._reader.unpack(entry["file"], place)
                self._done.files += 1


def _reserved(ids: dict[str, list[int]]) -> dict[Any, int]:
    """What is added to the ids of each kind."""
    by_label = {kind.label: kind.model for kind in kinds()}
    return {
        by_label[label]: dialect.reserve_ids(by_label[label], high - low + 1) - low
        for label, (low, high) in sorted(ids.items())
    }


def _taken(kind: Kind, columns: list[str], lines: list[Any]) -> set[Any]:
    if not kind.unique:
        return set()
    at = columns.index(kind.unique)
    rows = kind.model._base_manager.filter(**{f"{kind.unique}__in": [line[at] for line in lines]})
    return set(rows.values_list(kind.unique, flat=True))


def _arrivals() -> Iterator[Any]:
    """What apps do once all rows have come: called as arrived(site_id)."""
    for path in settings.MOVING:
        if arrived := getattr(import_module(path), "arrived", None):
            yield arrived


def _open(site_id: int) -> None:
    Site.every.filter(pk=site_id).update(
        state=Site.State.OPEN,
        revision=F("revision") + 1,
        master_revision=F("master_revision") + 1,
    )
