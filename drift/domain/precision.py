"""How often a model is right, estimated from a sample whose probabilities are known.

Hájek's estimate with Wilson's interval on the effective number of reviews. What reviewers could not
tell is left out of the estimate, and shown as what it would be at worst and at best.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

Z_95 = 1.959964  # two-sided 95 %
LEAST_EFFECTIVE = 30  # below, an interval is too wide and too unsure of itself to be shown


class Reviewed(NamedTuple):
    """One review: the event's probability to be chosen, and whether the model was right.

    None is "cannot tell".
    """

    probability: float
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class Precision:
    """Shares from 0 to 1; None where nothing can be said.

    `low` and `high` bound the estimate with 95 % confidence. `worst` and `best` are the estimate
    with all that could not be told counted as wrong and as right.
    """

    n: int
    n_effective: float
    estimate: float | None
    low: float | None
    high: float | None
    unclear: float | None
    worst: float | None
    best: float | None

    @property
    def is_enough(self) -> bool:
        """Whether the interval may be shown."""
        return self.n_effective >= LEAST_EFFECTIVE


def precision(sample: Iterable[Reviewed], *, answered: float = 1.0) -> Precision:
    """The precision that a sample shows.

    `answered` is the share of the chosen events that were reviewed at all: who works off half of a
    queue in random order has drawn each event with half its probability.
    """
    rows = [each._replace(probability=each.probability * answered) for each in sample]
    told = [each for each in rows if each.is_right is not None]
    weight = sum(1 / each.probability for each in rows)
    if not told:
        return Precision(0, 0.0, None, None, None, 1.0 if rows else None, None, None)
    estimate = _share_right(told)
    n_effective = _effective(told, estimate)
    low, high = wilson(estimate, n_effective)
    unclear = 1 - sum(1 / each.probability for each in told) / weight
    return Precision(
        n=len(told),
        n_effective=n_effective,
        estimate=estimate,
        low=low,
        high=high,
        unclear=max(unclear, 0.0),
        worst=estimate * (1 - unclear),
        best=estimate * (1 - unclear) + unclear,
    )


def wilson(share: float, n: float, z: float = Z_95) -> tuple[float, float]:
    """Wilson's interval for a share seen in n trials; n need not be whole."""
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0)


def _share_right(told: Sequence[Reviewed]) -> float:
    weight = sum(1 / each.probability for each in told)
    return sum(1 / each.probability for each in told if each.is_right) / weight


def _effective(told: Sequence[Reviewed], estimate: float) -> float:
    """As many plain random reviews as would tell the same.

    Where all agree, or all events were reviewed, the variance of the estimate is 0 and says
    nothing of the model: there Kish's number counts, from the weights alone.
    """
    total = sum(1 / each.probability for each in told)
    variance = sum(
        (1 - pi) * ((right - estimate) / pi) ** 2 for pi, right in told if right is not None
    )
    spread = estimate * (1 - estimate)
    if variance > 0 and spread > 0:
        return spread * total**2 / variance
    return total**2 / sum(1 / each.probability**2 for each in told)
