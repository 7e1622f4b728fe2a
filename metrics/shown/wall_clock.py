"""The clock on the site's wall: instants of answers as its people write times."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from metrics.shown.wording import duration


@dataclass(frozen=True, slots=True)
class WallClock:
    """The clock on the site's wall at the moment of the figures; it runs where that is now."""

    zone: ZoneInfo
    as_of: datetime
    runs: bool

    @classmethod
    def at(cls, as_of: str, time_zone: str, *, runs: bool) -> "WallClock":
        """From what an answer says of itself."""
        return cls(ZoneInfo(time_zone), parse(as_of), runs)

    @property
    def instant(self) -> str:
        """The moment of the figures, as answers write it."""
        return self.as_of.isoformat()

    def second(self) -> str:
        """`14:02:31`: the moment of the figures."""
        return f"{self.as_of.astimezone(self.zone):%H:%M:%S}"

    def time(self, instant: str) -> str:
        """`14:02`."""
        return f"{self._local(instant):%H:%M}"

    def exact(self, instant: str) -> str:
        """`14:02:31`."""
        return f"{self._local(instant):%H:%M:%S}"

    def near(self, instant: str) -> str:
        """`14:02`, with the day where it is another one: `Fri 20 Nov 14:02`."""
        if self._local(instant).date() == self.as_of.astimezone(self.zone).date():
            return self.time(instant)
        return f"{self.day(instant)} {self.time(instant)}"

    def soon(self, instant: str) -> str:
        """`06:00` within a day from now, else with the day."""
        is_soon = parse(instant) - self.as_of < timedelta(days=1)
        return self.time(instant) if is_soon else self.near(instant)

    def day(self, instant: str) -> str:
        """`Fri 20 Nov`."""
        local = self._local(instant)
        return f"{local:%a} {local.day} {local:%b}"

    def dated(self, instant: str) -> str:
        """`Fri 20 Nov 2026`."""
        return f"{self.day(instant)} {self._local(instant).year}"

    def dated_before(self, instant: str) -> str:
        """The day that ends at a midnight."""
        local = (parse(instant) - timedelta(milliseconds=1)).astimezone(self.zone)
        return self.dated(local.isoformat())

    def is_yesterday(self, instant: str) -> bool:
        """Whether it lies on the day before the clock's."""
        today = self.as_of.astimezone(self.zone).date()
        return self._local(instant).date() == today - timedelta(days=1)

    def is_midnight(self, instant: str) -> bool:
        """Whether a local day begins here."""
        return self.time(instant) == "00:00"

    def age(self, instant: str) -> str:
        """How long ago that was."""
        return duration((self.as_of - parse(instant)).total_seconds())

    def _local(self, instant: str) -> datetime:
        return parse(instant).astimezone(self.zone)


def parse(instant: str) -> datetime:
    """The moment of an RFC 3339 text."""
    return datetime.fromisoformat(instant).astimezone(UTC)
