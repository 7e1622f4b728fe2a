"""Local times of a site's clock as instants, where clocks change too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from common.instants import to_ms

_MARK = timedelta(minutes=5)  # clocks change on 5-minute marks


def instant_at(zone: ZoneInfo, local: datetime, *, fold: int) -> int:
    """The instant of a naive local time; one that does not exist is the instant of the jump.

    `fold`: which of its two passes is meant where it occurs twice, 0 or 1.
    """
    if not _exists(zone, local):
        local = local.replace(minute=local.minute - local.minute % 5, second=0, microsecond=0)
    while not _exists(zone, local):
        local += _MARK
    return to_ms(local.replace(tzinfo=zone, fold=fold))


def local_at(zone: ZoneInfo, moment: datetime) -> datetime:
    """What the site's clock shows at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _exists(zone: ZoneInfo, local: datetime) -> bool:
    return local_at(zone, local.replace(tzinfo=zone).astimezone(UTC)) == local
