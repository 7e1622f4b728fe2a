"""Which events are looked at by people: drawn by chance with a known probability, repeatably."""

from collections.abc import Mapping
from hashlib import blake2s
from math import sqrt

LEAST_DOUBT = 0.02  # sure events are drawn too, else nobody would learn that a model errs surely
_ALL = 1 / sqrt(LEAST_DOUBT)
UNKNOWN = 0.5  # the confidence taken for an event that came without one
NEAR = 0.05  # so close to the acceptance threshold a review teaches a model most


def doubt(confidence: float | None) -> float:
    """How much an event's probability weighs: most at .5, where a model is least sure."""
    c = UNKNOWN if confidence is None else confidence
    return sqrt(max(c * (1 - c), LEAST_DOUBT))


def budget(*, wanted: float, events: int, total_doubt: float) -> float:
    """The factor b that lets about so many of the events with this total of doubts be chosen."""
    if wanted >= events:
        return _ALL
    return wanted / total_doubt


def probability(confidence: float | None, b: float) -> float:
    """π: with which the event is chosen."""
    return min(1.0, b * doubt(confidence))


def draw(key: str, *, salt: str = "measure") -> float:
    """A number in [0, 1) that belongs to the event's key: whoever asks again gets it again."""
    digest = blake2s(key.encode(), digest_size=8, person=salt.encode()).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def shared_out(wanted: float, events: Mapping[str, int]) -> dict[str, float]:
    """How many of each event type are wanted: as many of each, or all where there are fewer."""
    shares: dict[str, float] = {}
    for done, kind in enumerate(sorted(events, key=lambda kind: (events[kind], kind))):
        shares[kind] = min(events[kind], (wanted - sum(shares.values())) / (len(events) - done))
    return shares


def is_near(confidence: float | None, threshold: float) -> bool:
    """Whether a confidence lies close to the acceptance threshold."""
    return confidence is not None and abs(confidence - threshold) <= NEAR
