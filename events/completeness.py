"""How complete what came from cameras is, by camera and hour, where their events have numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.instants import to_ms
from events.domain.sequence import Gap, missing_by_hour
from events.models import SequenceGap, SequenceHour


@dataclass(frozen=True, slots=True)
class Hour:
    """A UTC hour of a camera: how many events came that happened in it, and how many did not."""

    camera_id: int
    start: int
    came: int
    missing: int

    @property
    def complete_pct(self) -> float | None:
        """None where nothing was numbered."""
        expected = self.came + self.missing
        return 100 * self.came / expected if expected else None


def hours_of(camera_ids: Sequence[int], *, start: int, end: int) -> list[Hour]:
    """Hours from `start` to `end`, both on the hour, in which something came or is missing."""
    came = _came(camera_ids, start, end)
    missing = _missing(camera_ids, start, end)
    return [
        Hour(camera_id, hour, came[camera_id, hour], missing[camera_id, hour])
        for camera_id, hour in sorted({*came, *missing})
    ]


def _came(camera_ids: Sequence[int], start: int, end: int) -> Counter[tuple[int, int]]:
    rows = SequenceHour.objects.filter(camera__in=camera_ids, start__gte=start, start__lt=end)
    found: Any = rows.values_list("camera_id", "start", "came")
    return Counter({(camera_id, to_ms(at)): count for camera_id, at, count in found})


def _missing(camera_ids: Sequence[int], start: int, end: int) -> Counter[tuple[int, int]]:
    """A gap's neighbours may lie on both sides of the time asked for."""
    columns = ("camera_id", "first", "last", "after_at", "before_at")
    rows: Any = SequenceGap.objects.filter(camera__in=camera_ids).values_list(*columns)
    found: Counter[tuple[int, int]] = Counter()
    for camera_id, first, last, after_at, before_at in rows:
        gap = Gap(first, last, to_ms(after_at), to_ms(before_at))
        for hour, count in missing_by_hour(gap, start=start, end=end):
            found[camera_id, hour] += count
    return found
