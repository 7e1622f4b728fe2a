"""What people put into the watching of a camera, each with the instant from which it counts."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from drift.domain.detector import NORMAL

FOREVER = 2**62  # an instant that never comes

FIXED = "fixed"
FALSE_ALARM = "false_alarm"
NEW_NORMAL = "new_normal"
MODEL_REPLACED = "model_replaced"
RETRAINING = "retraining_requested"
QUIET = "quiet"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's resolution of an alert, whose drift began at `onset_at`."""

    at: int
    resolution: str
    onset_at: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How a camera is watched. `floor` is in ten-thousandths."""

    preset: str = NORMAL
    least_shift: float = 0.0
    floor: int = 8_500


@dataclass(frozen=True, slots=True)
class Inputs:
    """All of it: decisions, rules by the instant since when they hold, and maintenance windows."""

    decisions: Sequence[Decision] = ()
    rules: Sequence[tuple[int, Rules]] = ()
    maintenance: Sequence[tuple[int, int]] = ()

    def rules_at(self, instant: int) -> Rules:
        """The rules in force."""
        place = bisect_right(self.rules, instant, key=lambda each: each[0])
        return self.rules[place - 1][1] if place else Rules()

    def borders(self) -> list[int]:
        """Instants at which watching begins anew: decisions, and changes of preset or gate."""
        held = [Rules(), *(rules for _, rules in self.rules)]
        changes = [
            since
            for before, (since, after) in zip(held, self.rules, strict=False)
            if (before.preset, before.least_shift) != (after.preset, after.least_shift)
        ]
        return sorted({*changes, *(decision.at for decision in self.decisions)})
