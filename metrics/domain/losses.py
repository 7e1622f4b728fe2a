"""Where a workstation's target went: why it stands behind.

A workstation that had somebody working all of S, at the target's pace, makes 100 % of its target.
What is missing is time in which nobody was seen there, time in which people were there and did not
work, and a slower pace than the target's; together exactly what is missing.
"""

from typing import NamedTuple

from metrics.domain.kpis import Record


class Losses(NamedTuple):
    """In points of the target; a faster pace than the target's is a negative loss."""

    empty: float
    waiting: float
    pace: float

    @property
    def greatest(self) -> str:
        """The one that explains most; of equal ones the first."""
        return max(self._fields, key=lambda name: float(getattr(self, name)))


def losses(station: Record) -> Losses:
    """Of a workstation's KPI record that has a target and scheduled time."""
    occupied, worked = station["occupancy_pct"], station["availability_pct"]
    return Losses(100 - occupied, occupied - worked, worked - station["target_attainment_pct"])
