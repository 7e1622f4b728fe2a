"""Instants as whole milliseconds since 1970-01-01 UTC, so that sums do not depend on order."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
FIVE_MINUTES_MS = 5 * MINUTE_MS  # the fine grain: every shift mark and window border lies on it
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware moment; what lies below a millisecond is cut."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is no instant")
    return (moment - EPOCH) // MILLISECOND


def to_datetime(instant: int) -> datetime:
    """The aware UTC moment of an instant."""
    return EPOCH + instant * MILLISECOND


def floor_to(instant: int, step: int) -> int:
    """The last mark of `step` milliseconds at or before the instant."""
    return instant - instant % step


def ceil_to(instant: int, step: int) -> int:
    """The first mark of `step` milliseconds at or after the instant."""
    return instant + -instant % step


def to_rfc3339(instant: int) -> str:
    """The instant as RFC 3339 in UTC, with milliseconds only where there are any."""
    moment = to_datetime(instant)
    timespec = "milliseconds" if instant % SECOND_MS else "seconds"
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def month_of(instant: int) -> int:
    """The start of the UTC month in which the instant lies."""
    return to_ms(to_datetime(instant).replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def month_after(instant: int) -> int:
    """The start of the UTC month after the one in which the instant lies."""
    return month_of(month_of(instant) + 31 * DAY_MS)
