"""What belongs to a site: every kind of row, how it finds its site, and what becomes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model, Q, QuerySet

from workers.models import Site, User


class Missing(Enum):
    """What becomes of a row that names somebody who has no account in the new place."""

    EMPTY = "the row comes without the name"
    SKIP = "the row does not come"
    ACCOUNT = "a closed account of that name is made"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row. What is said of it is said of the history of its changes as well."""

    model: type[Model]
    site: str  # leads from a row to its site, as in a filter
    only: Q = field(default_factory=Q)  # which rows move
    stays: str = ""  # why the others do not; alone: why none does
    moves: bool = True
    refers: Mapping[str, type[Model]] = field(default_factory=dict)  # ids without a foreign key
    becomes: Mapping[str, Any] = field(default_factory=dict)  # what columns hold on arrival
    unique: str = ""  # a column that has each value once in a whole installation
    unknown_user: Missing = Missing.EMPTY

    @property
    def label(self) -> str:
        """Its name in archives, such as `events.Event`."""
        return self.model._meta.label

    @property
    def columns(self) -> list[str]:
        """All that is stored of a row."""
        return [each.attname for each in self.model._meta.concrete_fields]

    @property
    def own_key(self) -> str:
        """The column of ids that the database gives; empty where a row has its owner's."""
        key = self.model._meta.pk
        return key.attname if key.concrete and not key.is_relation else ""

    def rows_of(self, site_id: int) -> QuerySet[Any]:
        """All rows of the site, moving or not."""
        return self.model._base_manager.filter(**{self.site: site_id})

    def moving_of(self, site_id: int) -> QuerySet[Any]:
        """Those that move, in any order: to sort millions SQLite takes as much memory."""
        rows = self.rows_of(site_id).filter(self.only).order_by()
        return rows if self.moves else rows.none()

    def targets(self) -> Iterator[tuple[str, type[Model], bool]]:
        """Columns with ids of other rows: (column, model, whether the database sees to it)."""
        for each in self.model._meta.concrete_fields:
            if each.attname in self.refers:
                yield each.attname, self.refers[each.attname], False
            elif each.is_relation and each.related_model:
                yield each.attname, _model_of(each), bool(getattr(each, "db_constraint", True))


def _model_of(column: "Field[Any, Any]") -> type[Model]:
    model: type[Model] = cast("type[Model]", column.related_model)
    return model


@cache
def kinds() -> tuple[Kind, ...]:
    """All of them, owners before what belongs to them."""
    declared = [kind for module in _modules() for kind in module.KINDS]
    every = [each for kind in declared for each in (kind, *_with_it(kind))]
    by_model = {kind.model: kind for kind in every}
    owners = {
        model: {target for _, target, _ in kind.targets() if target in by_model} - {model}
        for model, kind in by_model.items()
    }
    return tuple(by_model[model] for model in TopologicalSorter(owners).static_order())


def elsewhere() -> dict[str, str]:
    """Models that belong to no site, by label, each with the reason."""
    return {label: why for module in _modules() for label, why in module.OF_THE_INSTALLATION}


def is_person(model: type[Model]) -> bool:
    """Whether ids of the model are those of accounts, which are told by name."""
    return model is User


def _modules() -> list[Any]:
    return [import_module(path) for path in settings.MOVING]


def _with_it(kind: Kind) -> Iterator[Kind]:
    """The history of its changes, and its many-to-many rows with theirs."""
    kept = _history_of(kind.model)
    if kept:
        yield Kind(
            kept,
            site="at_site",
            only=kind.only,
            stays=kind.stays,
            moves=kind.moves,
            refers={"at_site": Site, _own_id(kind.model): kind.model},
        )
    for relation in kind.model._meta.local_many_to_many:
        through: Any = relation.remote_field.through
        yield Kind(through, site=f"{kind.model._meta.model_name}__{kind.site}")
        if kept:
            links = _model_named(f"{kept.__name__}_{relation.name}")
            yield Kind(links, site="history__at_site", refers={"id": through})


def _model_named(name: str) -> type[Model]:
    return next(each for each in apps.get_models() if each.__name__ == name)


def _history_of(model: type[Model]) -> type[Model] | None:
    manager: Any = getattr(model, "history", None)
    kept: type[Model] | None = manager.model if manager is not None else None
    return kept


def _own_id(model: type[Model]) -> str:
    return model._meta.pk.attname
