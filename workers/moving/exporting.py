"""Writes all that belongs to a site to one archive, as of one instant, while ingest goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Max, Min, Q
from django.db.migrations.recorder import MigrationRecorder

from common import dialect
from common.instants import to_rfc3339
from workers.models import Site, User
from workers.moving.archive import FORMAT, VERSION, Json, Writer
from workers.moving.files import folders
from workers.moving.kinds import Kind, is_person, kinds

OWN_APPS = ("workers", "events", "metrics", "drift")
Tell = Callable[[str], object]


@dataclass
class Exported:
    """What went into an archive."""

    rows: int = 0
    files: int = 0
    lost_files: int = 0  # named by a row and not on the disk
    stayed: dict[str, int] = field(default_factory=dict)


def export_site(site: Site, path: Path, *, now_ms: int, tell: Tell) -> Exported:
    """Writes the archive. Raises FileExistsError, OSError; then there is none."""
    if path.exists():
        raise FileExistsError(path)
    done, people = Exported(), set[int]()
    with Writer(path) as writer, dialect.one_view():
        ids = {kind.label: span for kind in kinds() if (span := _span_of(kind, site.pk))}
        entries = [_add_kind(kind, site.pk, writer, people, done, tell) for kind in kinds()]
        names = User.objects.filter(pk__in=people).order_by("pk")
        users = writer.add_rows("users.ndjson", map(list, names.values_list("pk", "username")))
        files = writer.add_rows("files.ndjson", list(_add_files(site.pk, writer, done, tell)))
        writer.finish(
            {
                "format": FORMAT,
                "version": VERSION,
                "code": site.code,
                "name": site.name,
                "exported_at": to_rfc3339(now_ms),
                "migrations": migrations(),
                "ids": ids,
                "kinds": entries,
                "users": users,
                "files": files,
                "lost_files": done.lost_files,
                "stayed": done.stayed,
            }
        )
    return done


def migrations() -> list[str]:
    """Those of our apps that this database has, by name."""
    applied = MigrationRecorder.Migration.objects.filter(app__in=OWN_APPS).order_by("app", "name")
    return [f"{app}.{name}" for app, name in applied.values_list("app", "name")]


def _add_kind(  # noqa: PLR0917 - what every kind is told
    kind: Kind, site_id: int, writer: Writer, people: set[int], done: Exported, tell: Tell
) -> Json:
    columns, of_people = kind.columns, _columns_of_people(kind)
    rows = dialect.stream(kind.moving_of(site_id), columns)
    noted = _noting(rows, [columns.index(name) for name in of_people], people)
    entry = writer.add_rows(f"rows/{kind.label}.ndjson", noted)
    done.rows += entry["rows"]
    if stayed := kind.rows_of(site_id).count() - entry["rows"] if kind.stays else 0:
        done.stayed[kind.label] = stayed
    if entry["rows"]:
        tell(f"{kind.label}: {entry['rows']:,}")
    return {"kind": kind.label, "columns": columns, **entry}


def _columns_of_people(kind: Kind) -> list[str]:
    return [name for name, target, _ in kind.targets() if is_person(target)]


def _noting(rows: Iterator[Any], indexes: list[int], people: set[int]) -> Iterator[Any]:
    """The rows, of which the people are noted."""
    if not indexes:
        return rows
    return _noted(rows, indexes, people)


def _noted(rows: Iterator[Any], indexes: list[int], people: set[int]) -> Iterator[Any]:
    for row in rows:
        people.update(row[index] for index in indexes if row[index] is not None)
        yield row


def _span_of(kind: Kind, site_id: int) -> list[int] | None:
    """The lowest and the highest id of the kind that any row of the site has or names."""
    if not kind.own_key:
        return None
    ends = _ends(kind, kind.own_key, site_id)
    for other in kinds():
        for column, target, is_sure in other.targets():
            if target is kind.model and not is_sure:  # may name what is gone
                ends += _ends(other, column, site_id)
    return [min(ends), max(ends)] if ends else None


def _ends(kind: Kind, column: str, site_id: int) -> list[int]:
    rows = kind.rows_of(site_id).filter(Q(**{f"{column}__gt": 0}))
    found = rows.aggregate(low=Min(column), high=Max(column))
    return [each for each in (found["low"], found["high"]) if each is not None]


def _add_files(site_id: int, writer: Writer, done: Exported, tell: Tell) -> Iterator[Json]:
    for folder in folders():
        before = done.files
        for name, path in folder.files_of(site_id):
            entry = writer.add_file(f"{folder.name}/{name}", path)
            if entry is None:
                done.lost_files += 1
            else:
                done.files += 1
                yield entry
        if done.files > before:
            tell(f"{folder.name}: {done.files - before:,} files")
