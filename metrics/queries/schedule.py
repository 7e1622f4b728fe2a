"""What the calendar says about one instant."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from common.instants import DAY_MS, to_rfc3339
from common.intervals import covers
from workers.domain.calendar import instances, scheduled, scheduled_for
from workers.domain.master import MasterData, WorkerInfo

LOOK_AHEAD_MS = 15 * DAY_MS  # for the next shift; longer than any holiday week


def schedule_now(master: MasterData, at: int) -> dict[str, Any]:
    """`shift`, `break`, `closed`, or `always` where the site has no shifts.

    With the end of it and the shifts that run.
    """
    ahead = scheduled(master, (at, at + LOOK_AHEAD_MS))
    running = [each for each in instances(master, (at, at + 1)) if each.start <= at < each.end]
    names = list(dict.fromkeys(each.name for each in running))
    if not master.shifts and covers(ahead, at):
        return {"state": "always", "until": None, "shift_names": []}
    if covers(ahead, at):
        until = max(each.end for each in running)
        return {"state": "shift", "until": to_rfc3339(until), "shift_names": names}
    following = ahead[0][0] if ahead else None
    in_break = running and not any(start <= at < end for start, end in master.closures)
    return {
        "state": "break" if in_break else "closed",
        "until": None if following is None else to_rfc3339(following),
        "shift_names": names,
    }


def number_scheduled(
    master: MasterData,
    workers: Iterable[WorkerInfo],
    at: int,
    *,
    shifts: Collection[str] | None = None,
) -> int:
    """How many workers have a shift (one of these, if they are named) then, and no break."""
    alike: dict[object, list[WorkerInfo]] = defaultdict(list)
    for worker in workers:
        alike[worker.assignments, worker.active].append(worker)
    return sum(
        len(each)
        for each in alike.values()
        if scheduled_for(master, each[0], (at, at + 1), shifts=shifts)
    )
