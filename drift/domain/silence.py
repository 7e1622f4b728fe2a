"""Is a camera silent? It should report in scheduled time, with an event or a heartbeat."""

from collections.abc import Sequence

from common.intervals import Interval

MISSED = 3  # reports in a row


def silent_at(scheduled: Sequence[Interval], *, interval_ms: int) -> int | None:
    """When so many reports were missed; None while not.

    `scheduled` is scheduled time since the camera was last heard.
    """
    left = MISSED * interval_ms
    for start, end in scheduled:
        if end - start >= left:
            return start + left
        left -= end - start
    return None
