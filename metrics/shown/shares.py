"""How a worker's scheduled time went: working, idle, absent, not seen."""

from typing import Any

from metrics.shown.figures import width
from metrics.shown.wording import percent, spent

Record = dict[str, Any]
View = dict[str, Any]

STATES = ("working", "idle", "absent", "unknown")


def shares(record: Record) -> View:
    """Each state's time, its share, and where its part of the bar lies."""
    scheduled, left = record["scheduled_ms"], 0
    view = {}
    for state in STATES:
        mine = record[f"{state}_ms"]
        view[state] = {
            "time": spent(mine),
            "share": percent(100 * mine / scheduled if scheduled else None),
            "x": width(100 * left / scheduled if scheduled else None),
            "width": width(100 * mine / scheduled if scheduled else None),
        }
        left += mine
    return view
