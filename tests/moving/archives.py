"""What is in an archive, with ids counted from the lowest of their kind: alike wherever it was."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from workers.moving.kinds import is_person, kinds

Rows = dict[str, list[dict[str, Any]]]


def rows_in(path: Path) -> Rows:
    """By kind, each row by column; people by name."""
    with ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = dict(_lines(archive, "users.ndjson"))
        return {
            entry["kind"]: _rows(archive, entry, manifest["ids"], names)
            for entry in manifest["kinds"]
        }


def files_in(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if name.startswith(("snapshots/", "retraining/"))
        }


def _lines(archive: ZipFile, name: str) -> list[Any]:
    return [json.loads(line) for line in archive.read(name).splitlines()]


def _rows(archive: ZipFile, entry: Any, ids: Any, names: dict[int, str]) -> list[dict[str, Any]]:
    kind = next(each for each in kinds() if each.label == entry["kind"])
    targets = {column: model for column, model, _ in kind.targets()}
    if kind.own_key:
        targets[kind.own_key] = kind.model

    def told(column: str, value: Any) -> Any:
        model = targets.get(column)
        if model is None or not value:
            return value
        return names[value] if is_person(model) else value - ids[model._meta.label][0]

    rows = [
        {column: told(column, value) for column, value in zip(entry["columns"], line, strict=True)}
        for line in _lines(archive, entry["file"])
    ]
    return sorted(rows, key=repr)
