"""What a transaction changed, as plain values: what projections are told."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.domain.observation import Observation
from workers.domain.master import MasterData


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one site's facts.

    `facts_added` are new facts as reported; `added` and `removed` say how the effective events
    changed (they differ from the facts where a reviewer's verdict is in force).
    """

    master: MasterData
    facts_added: Sequence[Observation]
    added: Sequence[Observation]
    removed: Sequence[Observation] = ()
