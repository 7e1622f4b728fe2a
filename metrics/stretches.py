"""Which stretches of the timeline a change of facts touches, and what is in force in them then.

An event after a worker's newest one needs no look back: the status says all that matters of the
past. Any other is late: the stretch from the state event before it to the one after it is read
again.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

from common.intervals import Interval, union
from events.domain.change import Change
from events.domain.observation import COUNT, Observation
from events.queries import Region, regions_around, state_events
from metrics.domain import sums
from metrics.domain.timeline import Point, Rules, Ruling, in_force, rules_of


class Stretch(NamedTuple):
    """A part of a worker's timeline to be replaced: from `low` to `high`, by a ruling's points.

    The first point may lie before `low`, which is then the site's horizon.
    """

    low: int
    high: int
    ruling: Ruling
    left: frozenset[int] = frozenset()  # workstations that events no longer in force named


def stretches(
    change: Change, statuses: dict[int, Point], delta: sums.Delta
) -> dict[int, list[Stretch]]:
    """What is to be replaced, by worker, in order of time.

    Overruled events are counted on the way.
    """
    rules = rules_of(change.master)
    newest, late = _newest_and_late(change, statuses)
    regions: dict[int, list[Stretch]] = defaultdict(list)
    loaded, reloaded = _late_regions(change, late, newest, statuses)
    for worker_id, facts in newest.items():
        if worker_id not in reloaded:
            regions[worker_id].append(
                _newest_region(worker_id, facts, statuses.get(worker_id), rules, delta)
            )
    if loaded:
        for worker_id, stretch in _late_stretches(change, loaded, rules, delta):
            regions[worker_id].append(stretch)
    if horizon := change.master.horizon_at:  # what lies before it is frozen
        for mine in regions.values():
            mine[:] = [each._replace(low=max(each.low, horizon)) for each in mine]
    for mine in regions.values():
        mine.sort(key=lambda region: region.low)
    return regions


def _newest_and_late(
    change: Change, statuses: dict[int, Point]
) -> tuple[dict[int, list[Observation]], list[Observation]]:
    """The state events after each worker's newest one, and all others that come or go."""
    newest: dict[int, list[Observation]] = defaultdict(list)
    late = [fact for fact in change.removed if fact.event_type != COUNT]
    for fact in change.added:
        if fact.event_type == COUNT:
            continue
        status = statuses.get(fact.worker_id)
        if status is None or fact.occurred_at > status.at:
            newest[fact.worker_id].append(fact)
        else:
            late.append(fact)
    return newest, late


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
    change: Change,
    late: list[Observation],
    newest: dict[int, list[Observation]],
    statuses: dict[int, Point],
) -> tuple[list[Region], set[int]]:
    """Regions to be read again from the facts.

    And the workers whose newest events lie in one of them.
    """
    instants = sorted({(fact.worker_id, fact.occurred_at) for fact in late})
    around = regions_around(instants, change.master)
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


def _late_stretches(
    change: Change, regions: list[Region], rules: Rules, delta: sums.Delta
) -> Iterator[tuple[int, Stretch]]:
    """Each region with its worker, by what counts in it now; what counted before is taken off."""
    facts = _by_worker(state_events(regions, change.master))
    added, removed = _by_worker(change.added), _by_worker(change.removed)
    for worker_id, low, high in regions:
        now, new, gone = (
            _between(low, high, each.get(worker_id, [])) for each in (facts, added, removed)
        )
        before = in_force([*gone, *(Counter(now) - Counter(new)).elements()], rules)
        for fact in before.overruled:
            delta.add_overruled(fact, sign=-1)
        ruling = in_force(now, rules)
        for fact in ruling.overruled:
            delta.add_overruled(fact)
        yield worker_id, Stretch(low, high, ruling, frozenset(fact.workstation_id for fact in gone))


_instant = attrgetter("occurred_at")


def _by_worker(facts: Iterable[Observation]) -> dict[int, list[Observation]]:
    """The state events of each worker, in order of time."""
    found: dict[int, list[Observation]] = defaultdict(list)
    for fact in sorted(facts, key=_instant):
        if fact.event_type != COUNT:
            found[fact.worker_id].append(fact)
    return found


def _between(low: int, high: int, facts: list[Observation]) -> list[Observation]:
    first = bisect_left(facts, low, key=_instant)
    return facts[first : bisect_right(facts, high, key=_instant)]
