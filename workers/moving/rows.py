"""Turns the rows of an archive into rows of this database: new ids, people by name, its types."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models

from common.fields import InstantField
from workers.models import Site, User
from workers.moving.kinds import Kind, Missing, is_person, kinds

Value = Callable[[Any], Any]

# What JSON holds as the database wants it.
_PLAIN = (
    InstantField,
    models.IntegerField,
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.FloatField,
    models.ForeignKey,
)


@dataclass
class People:
    """Accounts here, by the id that somebody had there."""

    names: Mapping[int, str]
    ids: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        found = User.objects.filter(username__in=list(self.names.values()))
        self.ids.update(found.values_list("username", "pk"))

    def id_of(self, old: int | None) -> int | None:
        """None, and noted, where there is no such account."""
        if old is None:
            return None
        name = self.names.get(old, "")
        if name not in self.ids:
            self.unknown.add(name)
        return self.ids.get(name)

    def account_of(self, old: int) -> int:
        """As above; a closed account is made where there is none."""
        known = self.id_of(old)
        if known is not None:
            return known
        name = self.names[old]
        user = User.objects.create(username=name, is_active=False, password=make_password(None))
        self.unknown.discard(name)
        self.made.append(name)
        self.ids[name] = user.pk
        return user.pk


@dataclass
class Numbers:
    """Ids here: of each kind of row the old one plus a fixed number."""

    offsets: Mapping[type[models.Model], int]
    skipped: dict[type[models.Model], set[int]] = field(default_factory=dict)  # did not come

    def of(self, model: type[models.Model]) -> Value:
        """None where that row did not come; what is no id (0) stays."""
        offset, skipped = self.offsets.get(model, 0), self.skipped.get(model, set())
        if not skipped:
            return lambda old: old + offset if old else old
        return lambda old: None if old in skipped else old + offset if old else old


class Plan:
    """How the rows of one kind are turned."""

    def __init__(
        self, kind: Kind, columns: list[str], numbers: Numbers, people: People, *, code: str
    ) -> None:
        fields = {each.attname: each for each in kind.model._meta.concrete_fields}
        known = [fields[name] for name in columns]
        added = [each for name, each in fields.items() if name not in columns]
        self.columns = [each.column for each in (*known, *added)]
        self._constants = [_stored(each, each.get_default()) for each in added]
        self._turns = [
            (index, turn)
            for index, each in enumerate(known)
            if (turn := _turn_of(kind, each, numbers, people, code)) is not None
        ]
        self._people = people
        self._must_be_known = [
            columns.index(name)
            for name, target, _ in kind.targets()
            if is_person(target) and kind.unknown_user is Missing.SKIP
        ]

    def is_wanted(self, line: list[Any]) -> bool:
        """Whether all who must have an account here have one."""
        return all(
            line[at] is None or self._people.id_of(line[at]) is not None
            for at in self._must_be_known
        )

    def row_of(self, line: list[Any]) -> tuple[Any, ...]:
        """The row, for `columns`."""
        for index, turn in self._turns:
            line[index] = turn(line[index])
        return (*line, *self._constants)


def _turn_of(
    kind: Kind, column: "models.Field[Any, Any]", numbers: Numbers, people: People, code: str
) -> Value | None:
    """None: the value is as the database wants it."""
    name = column.attname
    if kind.model is Site and name == "code":
        return lambda _: code
    if name in kind.becomes:
        constant = _stored(column, kind.becomes[name])
        return lambda _: constant
    if name == kind.own_key:
        return numbers.of(kind.model)
    target = {each: model for each, model, _ in kind.targets()}.get(name)
    if target is not None and is_person(target):
        return people.account_of if kind.unknown_user is Missing.ACCOUNT else people.id_of
    if target is not None and any(target is each.model for each in kinds()):
        return numbers.of(target)
    if isinstance(column, models.BinaryField):
        return base64.b64decode
    return None if isinstance(column, _PLAIN) else lambda value: _stored(column, value)


def _stored(column: "models.Field[Any, Any]", value: Any) -> Any:
    plain = column.to_python(value) if not isinstance(column, models.JSONField) else value
    return column.get_db_prep_save(plain, connection)
