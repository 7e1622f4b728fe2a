"""Moments as people say them: "3 min ago", "in 2 h 05 min"."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from workers.models import Site

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def span(length: timedelta) -> str:
    """A length in at most two units: 40 s, 3 min, 2 h 05 min, 3 days."""
    if length < MINUTE:
        return f"{length // timedelta(seconds=1)} s"
    if length < HOUR:
        return f"{length // MINUTE} min"
    if length < 2 * DAY:
        hours, rest = divmod(length, HOUR)
        return f"{hours} h {rest // MINUTE:02} min"
    return f"{length // DAY} days"


def ago(moment: datetime | None, now: datetime, *, never: str = "–") -> str:
    """How long a moment lies back."""
    return never if moment is None else f"{span(max(now - moment, timedelta(0)))} ago"


def ahead(moment: datetime, now: datetime) -> str:
    """How long it is until a moment, or since."""
    return f"in {span(moment - now)}" if moment > now else ago(moment, now)


def local(moment: datetime, site: Site) -> str:
    """A moment on the site's clock."""
    return f"{moment.astimezone(ZoneInfo(site.time_zone)):%Y-%m-%d %H:%M} ({site.time_zone})"


def utc(moment: datetime | None) -> str:
    """A moment to the second, in UTC; a dash for none."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "–"
