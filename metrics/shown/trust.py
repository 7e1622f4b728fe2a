"""How far a figure can be trusted: what it rests on, and why it is greyed where it is."""

from typing import Any

from metrics.shown.wall_clock import WallClock
from metrics.shown.wording import amount, percent, say

Record = dict[str, Any]
View = dict[str, Any]

TRUSTED_COVERAGE = 80  # percent seen; below, a figure is greyed and says why


def trust(record: Record, clock: WallClock) -> View:
    """What every figure tells about itself on hover and focus."""
    low, high = record["utilization_low_pct"], record["utilization_high_pct"]
    coverage = record["coverage_pct"]
    return {
        "band": "" if low is None else say("band", low=percent(low), high=percent(high)),
        "seen": "" if coverage is None else say("seen_exactly", value=percent(coverage)),
        "events": counted("events", record["events"]),
        "newest": newest(record["newest_event_at"], clock),
    }


def hint(record: Record, clock: WallClock) -> str:
    """The same for a row or a tile, a line each."""
    told = trust(record, clock)
    return "\n".join(
        line for line in (told["band"], told["seen"], f"{told['events']}, {told['newest']}") if line
    )


def newest(instant: str | None, clock: WallClock) -> str:
    """How old the newest event is; of what is over, when it was."""
    if instant is None:
        return say("no_events")
    if clock.runs:
        return say("newest", age=clock.age(instant))
    return say("newest_at", time=clock.near(instant))


def doubt(record: Record) -> View:
    """Whether too little was seen, and why and what to do."""
    coverage = record["coverage_pct"]
    if coverage is None or coverage >= TRUSTED_COVERAGE:
        return {"partial": "", "reason": ""}
    if coverage == 0:
        return {"partial": "true", "reason": say("nothing_seen")}
    return {"partial": "true", "reason": say("partial", value=percent(TRUSTED_COVERAGE, digits=0))}


def counted(key: str, n: int) -> str:
    """A phrase for one, another for many."""
    return say(f"{key}_one") if n == 1 else say(key, n=amount(n))
