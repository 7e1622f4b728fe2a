"""Figures are asked of a small factory, the day after."""

import pytest
from time_machine import TimeMachineFixture

from tests.floor import Floor, count, event

# One worker's day at S1: 5½ h of work, ½ h idle, 1 h away, 16 units.
DAY = [
    event("08:00"),
    count("09:00", 10),
    event("10:00", kind="idle"),
    event("10:30"),
    event("12:00", kind="absent"),
    event("13:00"),
    count("14:00", 6),
    event("15:00", kind="absent"),
]


@pytest.fixture
def day(floor: Floor) -> Floor:
    """The factory with that day stored."""
    floor.put(*DAY)
    return floor


@pytest.fixture
def berlin(db: None, still_clock: TimeMachineFixture) -> Floor:
    """A factory whose clock changes; each state holds for three hours."""
    return Floor("B1", zone="Europe/Berlin", ttl=3 * 3600)
