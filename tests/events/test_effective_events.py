"""Effective events as those who compute are given them: few statements, and no scan of a table."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.instants import to_ms
from events import queries
from events.models import Event
from tests.floor import MINUTE, Floor, count, event, ms
from workers.domain.master import MasterData
from workers.queries import master_data

EIGHT = ms("08:00")
Read = Callable[[Floor, MasterData], list]


@pytest.fixture
def told(floor: Floor) -> Floor:
    """W1 every ten minutes from eight: the second is rejected, the fourth was W2's, the fifth idle;
    a count lies before the third.
    """
    floor.put(*(event(f"08:{10 * n:02}") for n in range(6)), count("08:19"))
    rows = list(Event.objects.filter(event_type="working").order_by("occurred_at"))
    floor.say(rows[1], "rejected")
    floor.say(rows[3], "relabelled", worker_id="W2")
    floor.say(rows[4], "relabelled", event_type="idle")
    return floor


def master(floor: Floor) -> MasterData:
    floor.site.refresh_from_db()
    return master_data(floor.site)


def worker(floor: Floor, code: str = "W1") -> int:
    return floor.workers[code].pk


def minutes(instants: list[int | None]) -> list[int | None]:
    return [None if at is None else (at - EIGHT) // MINUTE for at in instants]


@pytest.mark.parametrize(
    "code, low, high, found",
    [
        ("W1", 0, 59, [(0, "working"), (20, "working"), (40, "idle"), (50, "working")]),
        ("W1", 10, 10, []),
        ("W1", 40, 49, [(40, "idle")]),
        ("W2", 0, 59, [(30, "working")]),
        ("W3", 0, 59, []),
    ],
)
def test_state_events_are_those_that_count(
    told: Floor, code: str, low: int, high: int, found: list
) -> None:
    region = (worker(told, code), EIGHT + low * MINUTE, EIGHT + high * MINUTE)
    facts = queries.state_events([region], master(told))
    assert sorted((*minutes([each.occurred_at]), each.event_type) for each in facts) == found


def test_what_a_reviewer_said_is_marked(told: Floor) -> None:
    facts = queries.events_of(worker(told), master(told))
    reviewed = [each.occurred_at for each in facts if each.reviewed]
    assert (minutes(reviewed), len(facts)) == ([40], 5)


@pytest.mark.parametrize(
    "code, at, low, high",
    [("W1", 10, 0, 20), ("W1", 20, 0, 40), ("W1", 30, 20, 40), ("W1", 45, 40, 50),
     ("W1", 0, 0, 20), ("W1", 50, 40, 50), ("W2", 10, 10, 30), ("W2", 55, 30, 55)],
)  # fmt: skip
def test_region_reaches_to_the_neighbours_that_count(
    told: Floor, code: str, at: int, low: int, high: int
) -> None:
    asked = (worker(told, code), EIGHT + at * MINUTE)
    ((_, *found),) = queries.regions_around([asked], master(told))
    assert minutes(found) == [low, high]


@pytest.mark.parametrize(
    "code, low, high, last",
    [
        ("W1", 0, 59, 50),
        ("W1", 0, 39, 20),
        ("W1", 0, 19, 19),
        ("W1", 1, 18, None),
        ("W2", 0, 59, 30),
    ],
)
def test_last_event_is_the_last_that_counts(
    told: Floor, code: str, low: int, high: int, last: int | None
) -> None:
    place = (worker(told, code), told.stations["S1"].pk)
    region = (*place, EIGHT + low * MINUTE, EIGHT + high * MINUTE)
    ((*_, found),) = queries.last_counted([region], master(told))
    assert minutes([found]) == [last]


def test_what_waits_for_a_reviewer_is_passed_over(floor: Floor) -> None:
    floor.site.below_threshold = "exclude"
    floor.site.save()
    floor.put(*(event(f"08:{n:02}", confidence=0.9 if n % 10 == 0 else 0.1) for n in range(21)))
    floor.say(Event.objects.get(occurred_at=EIGHT + 13 * MINUTE), "confirmed")
    ((_, *found),) = queries.regions_around([(worker(floor), EIGHT + 12 * MINUTE)], master(floor))
    assert minutes(found) == [10, 13]


READS: dict[str, Read] = {
    "state events": lambda floor, site: queries.state_events([(1, 0, 9)] * 50, site),
    "regions": lambda floor, site: queries.regions_around([(1, n) for n in range(50)], site),
    "all of a worker": lambda floor, site: queries.events_of(1, site),
    "between": lambda floor, site: queries.events_between([*range(50)], 0, 9, site),
    "last": lambda floor, site: queries.last_counted([(n, 1, 0, 9) for n in range(50)], site),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("below", ["include", "exclude"])
def test_many_are_read_in_one_statement_by_indexes(floor: Floor, below: str, read: Read) -> None:
    floor.site.below_threshold = below
    floor.site.save()
    site = master(floor)
    with CaptureQueriesContext(connection) as queried:
        read(floor, site)
    assert len(queried) == 1
    assert not scans(queried[0]["sql"])


def scans(sql: str) -> list[str]:
    """Tables that SQLite would read whole; PostgreSQL decides by what is stored."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}")
        plan = [str(row[-1]) for row in cursor.fetchall()]
    given = ("SCAN json_each", "SCAN given")
    return [step for step in plan if step.startswith("SCAN") and not step.startswith(given)]


def test_facts_are_read_as_values_of_their_own(told: Floor) -> None:
    first = min(queries.events_of(worker(told), master(told)), key=lambda each: each.occurred_at)
    assert first == Event.objects.order_by("occurred_at")[0].observation
    assert to_ms(Event.objects.order_by("occurred_at")[0].occurred_at) == first.occurred_at
