"""Which stretches of the timeline a change of facts touches, and what is in force in them then.

An event after a worker's newest one needs no look back: the status says all that matters of the
past. Any other is late: the stretch from the state event before it to the one after it is read
again.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from operator import attrgetter
from typing import NamedTuple

from common.intervals import Interval, union
from events.domain.change import Change
from events.domain.observation import COUNT, Observation
from events.queries import Region, regions_around, state_events
from metrics.domain import sums
from metrics.domain.timeline import Point, Rules, Ruling, in_force, rules_of


class Stretch(NamedTuple):
    """A part of a worker's timeline to be replaced: from `low` to `high`, by a ruling's points."""

    low: int
    high: int
    ruling: Ruling
    left: frozenset[int] = frozenset()  # workstations that events no longer in force named


def stretches(
    change: Change, states: list[Observation], statuses: dict[int, Point], delta: sums.Delta
) -> dict[int, list[Stretch]]:
    """What is to be replaced, by worker, in order of time.

    Overruled events are counted on the way.
    """
    rules = rules_of(change.master)
    newest: dict[int, list[Observation]] = defaultdict(list)
    late: list[Observation] = []
    removed = {fact.key for fact in change.removed}
    for fact in states:
        status = statuses.get(fact.worker_id)
        if (status is None or fact.occurred_at > status.at) and fact.key not in removed:
            newest[fact.worker_id].append(fact)
        else:
            late.append(fact)
    regions: dict[int, list[Stretch]] = defaultdict(list)
    loaded, reloaded = _late_regions(late, newest, statuses)
    for worker_id, facts in newest.items():
        if worker_id not in reloaded:
            regions[worker_id].append(
                _newest_region(worker_id, facts, statuses.get(worker_id), rules, delta)
            )
    new = {fact.key for fact in change.added} if loaded else set()
    for region, facts in _facts_in(loaded).items():
        gone = _gone_from(region, change)
        before = [*gone, *(fact for fact in facts if fact.key not in new)]
        regions[region[0]].append(_late_region(region, facts, gone, rules, delta))
        for fact in in_force(before, rules).overruled:
            delta.add_overruled(fact, sign=-1)
    for mine in regions.values():
        mine.sort(key=lambda region: region.low)
    return regions


def _newest_region(
    worker_id: int, facts: list[Observation], status: Point | None, rules: Rules, delta: sums.Delta
) -> Stretch:
    """The usual case: events after the newest one.

    The status says all that must be known of the past.
    """
    ruling = in_force(facts, rules)
    for fact in ruling.overruled:
        delta.add_overruled(fact)
    points = ruling.points if status is None else [status, *ruling.points]
    return Stretch(points[0].at, points[-1].at, Ruling(points, ruling.overruled))


def _late_regions(
    late: list[Observation], newest: dict[int, list[Observation]], statuses: dict[int, Point]
) -> tuple[list[Region], set[int]]:
    """Regions to be read again from the facts.

    And the workers whose newest events lie in one of them.
    """
    around = regions_around(sorted({(fact.worker_id, fact.occurred_at) for fact in late}))
    spans: dict[int, list[Interval]] = defaultdict(list)
    for worker_id, low, high in around:
        spans[worker_id].append(
            (low, high + 1)
        )  # + 1: a region of one instant is not empty, and neighbours overlap
    reloaded = set()
    for worker_id, facts in newest.items():
        status = statuses.get(worker_id)
        if status is not None and any(
            low <= status.at < end - 1 for low, end in spans.get(worker_id, ())
        ):
            spans[worker_id].append((status.at, max(fact.occurred_at for fact in facts) + 1))
            reloaded.add(worker_id)
    return [
        (worker_id, low, end - 1) for worker_id in spans for low, end in union(spans[worker_id])
    ], reloaded


def _facts_in(regions: list[Region]) -> dict[Region, list[Observation]]:
    instant = attrgetter("occurred_at")
    by_worker: dict[int, list[Observation]] = defaultdict(list)
    for fact in sorted(state_events(regions), key=instant):
        by_worker[fact.worker_id].append(fact)
    found = {}
    for worker_id, low, high in regions:
        facts = by_worker[worker_id]
        first, end = (
            bisect_left(facts, low, key=instant),
            bisect_right(facts, high, key=instant),
        )
        found[worker_id, low, high] = facts[first:end]
    return found


def _gone_from(region: Region, change: Change) -> list[Observation]:
    worker_id, low, high = region
    return [
        fact
        for fact in change.removed
        if fact.worker_id == worker_id
        and fact.event_type != COUNT
        and low <= fact.occurred_at <= high
    ]


def _late_region(
    region: Region,
    facts: list[Observation],
    gone: list[Observation],
    rules: Rules,
    delta: sums.Delta,
) -> Stretch:
    _, low, high = region
    ruling = in_force(facts, rules)
    for fact in ruling.overruled:
        delta.add_overruled(fact)
    return Stretch(low, high, ruling, frozenset(fact.workstation_id for fact in gone))
