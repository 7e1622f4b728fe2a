"""Segments by number: buckets go by a number each, so that their keys are short."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from common import dialect
from drift.domain.buckets import SegmentKey
from drift.models import Segment
from workers.domain.master import MasterData

KEY = ("camera_id", "model_version", "event_type")

_Numbers = dict[SegmentKey, int]
_remembered: dict[int, tuple[MasterData, _Numbers]] = {}


def numbers_of(master: MasterData, wanted: Iterable[SegmentKey]) -> Mapping[SegmentKey, int]:
    """The numbers of these segments of a site, made where there is none yet.

    To be called by the site's one writer.
    """
    known = _known(master)
    missing = set(wanted) - known.keys()
    if not missing:
        return known
    numbers = _stored(master)
    if new := sorted(missing - numbers.keys()):
        dialect.insert_missing(Segment, KEY, KEY, new)
        numbers = _stored(master)
    transaction.on_commit(lambda: known.update(numbers))  # not what may be rolled back
    return numbers


def _known(master: MasterData) -> _Numbers:
    """What this process remembers of a site, for as long as its master data stays the same."""
    of, numbers = _remembered.get(master.site_id, (None, {}))
    if of is not master:
        numbers = {}
        _remembered[master.site_id] = (master, numbers)
    return numbers


def _stored(master: MasterData) -> _Numbers:
    cameras = [(camera_id,) for camera_id in sorted(master.cameras_by_id)]
    rows = dialect.matching(Segment, [*KEY, "id"], KEY[:1], cameras)
    return {(camera_id, version, kind): number for camera_id, version, kind, number in rows}
