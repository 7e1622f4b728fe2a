"""Files that belong to a site, besides its rows: pictures and archives."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from django.conf import settings


class Folder(Protocol):
    """Files of one sort. Their names in an archive begin with `name/`."""

    name: str

    def files_of(self, site_id: int) -> Iterator[tuple[str, Path]]:
        """Name and place of each; read within the view that is exported."""

    def place_of(self, site_id: int, name: str) -> Path | None:
        """Where a file that comes belongs; None: not wanted. Raises ValueError for odd names."""

    def remove_all(self, site_id: int) -> None:
        """Before the rows go that name them. Safe to repeat."""


def folders() -> list[Folder]:
    """Of all apps."""
    return [each for path in settings.MOVING for each in getattr(import_module(path), "FILES", ())]
