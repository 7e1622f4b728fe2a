"""Reads a camera's sums of confidences, as the domain wants them."""

from collections import defaultdict

from common import dialect
from drift.domain.points import Row
from drift.models import ConfidenceBucket, Segment

_COLUMNS = ("segment_id", "start_at", "n", "s1", "s2")

ByVersion = dict[str, dict[str, list[Row]]]  # rows by model version and event type


def rows_of(camera_id: int, *, until: int, since: int = 0) -> ByVersion:
    """What is kept of the quarters that had ended by then, in order of time; two statements."""
    segments = {segment.pk: segment for segment in Segment.objects.filter(camera_id=camera_id)}
    window = [(number, since, until - 1) for number in sorted(segments)]
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for number, *row in dialect.within(ConfidenceBucket, _COLUMNS, _COLUMNS[:2], window):
        found[number].append(tuple(row))
    by_version: defaultdict[str, dict[str, list[Row]]] = defaultdict(dict)
    for number in sorted(found, key=lambda number: segments[number].event_type):
        segment = segments[number]
        by_version[segment.model_version][segment.event_type] = sorted(found[number])
    return by_version
