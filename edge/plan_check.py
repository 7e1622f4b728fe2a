"""What a plan must hold before anyone works by it: one place at a time, breaks inside the hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import time

from edge.plan import ClockPeriod, Duty, Plan, PlanError
from edge.roster import Roster, rosters_of

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES


def check(plan: Plan) -> Plan:
    """The same plan; raises PlanError when it contradicts itself."""
    if not plan.cameras:
        raise PlanError("the plan has no cameras")
    _check_cameras(plan)
    for worker_id, roster in rosters_of(plan).items():
        _check_breaks(roster)
        _check_one_place(worker_id, roster)
    return plan


def _check_cameras(plan: Plan) -> None:
    named = Counter(camera.camera_id for camera in plan.cameras)
    for camera in plan.cameras:
        if named[camera.camera_id] > 1:
            raise PlanError(f"{camera.camera_id} is planned twice")
        if plan.gateway and not camera.key:
            continue
        if not camera.key:
            raise PlanError(f"{camera.camera_id} has no key: name it in the plan or with --key")
        if not _can_be_key(camera.key):
            raise PlanError(f"the key of {camera.camera_id} has characters that no key has")
    if plan.gateway and not _can_be_key(plan.gateway):
        raise PlanError("the key of the site has characters that no key has")


def _can_be_key(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _check_breaks(roster: Roster) -> None:
    for _, duty in roster.duties:
        length = _minutes_between(duty.hours.start, duty.hours.end) or DAY_MINUTES
        for pause in duty.breaks:
            if not _is_inside(pause, duty, length):
                raise PlanError(f"a break of {duty.worker_id} lies outside of their hours")


def _is_inside(pause: ClockPeriod, duty: Duty, length: int) -> bool:
    """Whether work comes first: who is on a break has been seen before."""
    begins = _minutes_between(duty.hours.start, pause.start)
    ends = begins + (_minutes_between(pause.start, pause.end) or DAY_MINUTES)
    return 0 < begins < ends <= length


def _check_one_place(worker_id: str, roster: Roster) -> None:
    pieces = sorted(piece for _, duty in roster.duties for piece in _week_pieces(duty))
    for (_, ends), (begins, _) in zip(pieces, pieces[1:]):
        if begins < ends:
            raise PlanError(f"{worker_id} is planned at two places at the same time")


def _week_pieces(duty: Duty) -> Iterator[tuple[int, int]]:
    """The duty as minutes of the week, cut where Sunday ends."""
    length = _minutes_between(duty.hours.start, duty.hours.end) or DAY_MINUTES
    for weekday in duty.weekdays:
        begins = (weekday - 1) * DAY_MINUTES + _minute_of(duty.hours.start)
        ends = begins + length
        yield begins, min(ends, WEEK_MINUTES)
        if ends > WEEK_MINUTES:
            yield 0, ends - WEEK_MINUTES


def _minutes_between(start: time, end: time) -> int:
    return (_minute_of(end) - _minute_of(start)) % DAY_MINUTES


def _minute_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute
