"""What of facts, refused events, pictures and verdicts belongs to a site."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from events import snapshots
from events.models import (
    Event,
    RefusedEvent,
    SequenceGap,
    SequenceHour,
    SequenceRun,
    Snapshot,
    Verdict,
)
from workers.moving.kinds import Kind, Missing

KINDS = (
    Kind(Event, site="site"),
    Kind(RefusedEvent, site="site"),
    Kind(SequenceRun, site="camera__site"),
    Kind(SequenceGap, site="camera__site"),
    Kind(SequenceHour, site="camera__site"),
    Kind(Snapshot, site="site", unique="public_id"),
    Kind(Verdict, site="site", unknown_user=Missing.ACCOUNT),
)
OF_THE_INSTALLATION = (("events.StreamPosition", "how far an installation has read its own Kafka"),)


class Pictures:
    """Snapshots, under MEDIA_ROOT."""

    name = "snapshots"
    _shape = re.compile(r"\d{4}-\d\d-\d\d/[\w-]{2}/([\w-]{2,32})\.jpg", re.ASCII)

    def files_of(self, site_id: int) -> Iterator[tuple[str, Path]]:
        """By the rows, in their order."""
        root = snapshots.folder_of(site_id)
        for row in Snapshot.objects.filter(site=site_id).order_by("pk").iterator(2_000):
            path = snapshots.path_of(row)
            yield str(path.relative_to(root)), path

    def place_of(self, site_id: int, name: str) -> Path | None:
        """In the folder of the site, if its row has come."""
        found = self._shape.fullmatch(name)
        if found is None:
            raise ValueError(name)
        has_row = Snapshot.objects.filter(public_id=found[1], site=site_id).exists()
        return snapshots.folder_of(site_id) / name if has_row else None

    def remove_all(self, site_id: int) -> None:
        """With what a killed process has left."""
        shutil.rmtree(snapshots.folder_of(site_id), ignore_errors=True)


FILES = (Pictures(),)
