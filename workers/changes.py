"""Reads the history of master data: who changed what, when and by which way.

Of a site as a whole, or of one object with what belongs to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import (
    F,
    ForeignKey,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils.text import capfirst

from workers import models
from workers.models.history import AS_IT_WAS, Kept

PAGE = 50


@dataclass(frozen=True, slots=True)
class Edit:
    """One field's values before and after; empty where there was none."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One object's change."""

    at: datetime
    who: str
    way: str
    kind: str
    about: str
    what: str
    edits: tuple[Edit, ...]

    @property
    def when(self) -> str:
        """On the site's clock."""
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, newest first."""

    changes: list[Change]
    has_next: bool


@cache
def kinds() -> tuple[type[Model], ...]:
    """What keeps versions, in every app, by name."""
    found = [
        kind
        for kind in apps.get_models()
        if hasattr(kind._meta, "simple_history_manager_attribute")
        and issubclass(kind.history.model, Kept)  # type: ignore[attr-defined]
    ]
    return tuple(sorted(found, key=lambda kind: str(kind._meta.verbose_name)))


_WHAT = {"+": "added", "~": "changed", "-": "removed"}
_Wanted = dict[type[Model], Q]
_Key = tuple[type[Model], int]


def of_site(site: models.Site, *, page: int = 1, kind: str = "", words: str = "") -> Page:
    """What changed at a site, removed things too; of one kind, or about something, if named."""
    here = Q(at_site=site.pk) & (Q(about__icontains=words) if words else Q())
    wanted = {each: here for each in kinds() if kind in ("", each._meta.model_name)}
    return _page(wanted, page, ZoneInfo(site.time_zone))


def of(subject: Any, *, time_zone: str = "UTC", page: int = 1) -> Page:
    """What changed of an object, and of the rows that belong to it."""
    kind = type(subject)
    wanted: _Wanted = {kind: Q(id=subject.pk)}
    for each in kinds():
        owner: str = each.history.model.owner  # type: ignore[attr-defined]
        if owner and each._meta.get_field(owner).related_model is kind:
            wanted[each] = Q(**{f"{owner}_id": subject.pk})
    return _page(wanted, page, ZoneInfo(time_zone))


def _page(wanted: _Wanted, page: int, zone: ZoneInfo) -> Page:
    """The number of statements depends on the kinds on the page, not on its length."""
    if not wanted:
        return Page([], has_next=False)
    begin = (page - 1) * PAGE
    keys = _keys(wanted)[begin : begin + PAGE + 1]
    shown = [(kinds()[number], history_id) for _, number, history_id in keys[:PAGE]]
    told = _told(shown, zone)
    return Page([told[key] for key in shown], has_next=len(keys) > PAGE)


def _keys(wanted: _Wanted) -> QuerySet[Any, Any]:
    """(when, number of the kind, version) of all kinds together, newest first."""
    parts = [
        kind.history.filter(condition)  # type: ignore[attr-defined]
        .order_by()
        .annotate(number=Value(kinds().index(kind)))
        .values_list("history_date", "number", "history_id")
        for kind, condition in wanted.items()
    ]
    newest_first = ("-history_date", "-history_id", "number")
    together: QuerySet[Any, Any] = parts[0].union(*parts[1:], all=True)
    return together.order_by(*newest_first)


def _told(keys: list[_Key], zone: ZoneInfo) -> dict[_Key, Change]:
    told: dict[_Key, Change] = {}
    for kind in {kind for kind, _ in keys}:
        ids = [history_id for each, history_id in keys if each is kind]
        for version, before in _versions(kind, ids):
            told[kind, version.history_id] = _change(kind, version, before, zone)
    return told


def _versions(kind: Any, ids: list[int]) -> Iterator[tuple[Any, Any]]:
    """These versions, each with the one before it."""
    earlier = kind.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    newest = earlier.order_by("-history_id").values("history_id")[:1]
    rows = kind.history.filter(history_id__in=ids).select_related("history_user")
    versions = list(rows.annotate(before_id=Subquery(newest)))
    before = kind.history.in_bulk([each.before_id for each in versions if each.before_id])
    _note_watched(kind, [*versions, *before.values()])
    for version in versions:
        yield version, before.get(version.before_id)


def _note_watched(kind: type[Model], versions: list[Any]) -> None:
    """What each version of a camera watched."""
    if kind is not models.Camera:
        return
    watched: dict[int, list[str]] = {each.history_id: [] for each in versions}
    through: Any = models.Camera.history.model.workstations.model
    code = F("workstation__code")
    rows = through.objects.filter(history_id__in=watched).annotate(code=code).order_by("code")
    for history_id, workstation in rows.values_list("history_id", "code"):
        watched[history_id].append(workstation or "one removed since")
    for each in versions:
        each.watched = watched[each.history_id]


def _change(kind: type[Model], version: Any, before: Any, zone: ZoneInfo) -> Change:
    is_first = version.history_change_reason == AS_IT_WAS
    return Change(
        at=version.history_date.astimezone(zone),
        who="" if version.history_user is None else version.history_user.get_username(),
        way=version.history_change_reason or "",
        kind=str(kind._meta.verbose_name),
        about=version.about,
        what="kept since" if is_first else _WHAT[version.history_type],
        edits=tuple(_edits(kind, version, before, zone)),
    )


def _edits(kind: type[Model], version: Any, before: Any, zone: ZoneInfo) -> Iterator[Edit]:
    has_begun, has_ended = version.history_type == "+", version.history_type == "-"
    old = {} if has_begun else _values(kind, version if has_ended else before, zone)
    new = {} if has_ended else _values(kind, version, zone)
    for field in [*new, *(each for each in old if each not in new)]:
        if old.get(field, "") != new.get(field, ""):
            yield Edit(field, old.get(field, ""), new.get(field, ""))


def _values(kind: type[Model], version: Any, zone: ZoneInfo) -> dict[str, str]:
    """What people can set, by the field's name."""
    if version is None:
        return {}
    fields = [each for each in version.tracked_fields if each.editable and each.name != "id"]
    shown = {
        capfirst(each.verbose_name): _text(version, each, zone)
        for each in fields
        if not isinstance(each, ForeignKey)
    }
    if kind is models.Camera:
        shown["Workstations"] = ", ".join(version.watched)
    return shown


def _text(version: Any, field: Any, zone: ZoneInfo) -> str:
    value = getattr(version, field.attname)
    if field.choices:
        return str(getattr(version, f"get_{field.name}_display")())
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
