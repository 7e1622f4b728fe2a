"""Does a camera see much less than it did at the same hours of the weeks before?"""

from collections.abc import Sequence
from typing import NamedTuple

WEEKS = 4  # looked back
HOURS = 4  # looked at together, so that one slow hour says nothing
LEAST_USUAL = 50  # events in them: of fewer, half can be chance


class Volume(NamedTuple):
    """Events seen in the last hours, and how many are usual at that time of the week."""

    seen: float
    usual: float

    @property
    def is_low(self) -> bool:
        """Fewer than half of a number that says something."""
        return self.usual >= LEAST_USUAL and self.seen < self.usual / 2


def volume_of(seen: float, weeks: Sequence[float]) -> Volume:
    """Against the weeks before; one without any event says nothing (closed, or not there yet)."""
    known = [each for each in weeks if each]
    return Volume(seen, sum(known) / len(known) if known else 0.0)
