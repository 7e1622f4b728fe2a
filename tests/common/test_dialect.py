"""What both databases must do alike, and with how many statements."""

import pytest
from pytest_django import DjangoAssertNumQueries

from common import dialect
from common.dialect import Merge
from metrics.models import Span, WorkstationBucket
from tests.floor import Floor

KEY = ("site_id", "grain", "start_at", "workstation_id")
SPAN = ("worker_id", "started_at", "ended_at", "state", "workstation_id")


@pytest.fixture
def keys(floor: Floor) -> list[tuple[int, ...]]:
    """Of buckets at S1, one every five minutes."""
    station = floor.stations["S1"].pk
    return [(floor.site.pk, 5, n * 300_000, station) for n in range(200)]


def stored() -> list[tuple[int, int]]:
    rows = WorkstationBucket.objects.order_by("start_at")
    return list(rows.values_list("present_any_ms", "working_any_ms"))


BOTH = Merge(add=["present_any_ms"], greatest=["working_any_ms"])


def test_upsert_inserts_what_is_new(keys: list[tuple[int, ...]]) -> None:
    dialect.upsert(WorkstationBucket, KEY, [(*keys[0], 3, 4)], BOTH)
    assert stored() == [(3, 4)]


def test_upsert_adds_and_takes_the_greater(keys: list[tuple[int, ...]]) -> None:
    for present, working in ((3, 4), (-2, 9), (5, 1)):
        dialect.upsert(WorkstationBucket, KEY, [(*keys[0], present, working)], BOTH)
    assert stored() == [(6, 9)]


def test_upsert_replaces_and_keeps(keys: list[tuple[int, ...]]) -> None:
    merge = Merge(replace=["present_any_ms"], keep=["working_any_ms"])
    for present, working in ((3, 4), (5, 6)):
        dialect.upsert(WorkstationBucket, KEY, [(*keys[0], present, working)], merge)
    assert stored() == [(5, 4)]


@pytest.mark.parametrize("size", [1, 200])
def test_upsert_costs_one_statement(
    keys: list[tuple[int, ...]], django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    rows = [(*key, 1, 1) for key in keys[:size]]
    with django_assert_num_queries(1):
        dialect.upsert(WorkstationBucket, KEY, rows, BOTH)
    assert len(stored()) == size


def test_nothing_costs_nothing(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        dialect.upsert(WorkstationBucket, KEY, [], BOTH)
        dialect.delete(WorkstationBucket, KEY, [])


def test_delete_takes_the_named_rows(keys: list[tuple[int, ...]]) -> None:
    dialect.upsert(WorkstationBucket, KEY, [(*key, n, 0) for n, key in enumerate(keys[:4])], BOTH)
    dialect.delete(WorkstationBucket, KEY, keys[1:3])
    assert stored() == [(0, 0), (3, 0)]


def test_delete_of_zeros_leaves_what_is_not_zero(keys: list[tuple[int, ...]]) -> None:
    dialect.upsert(WorkstationBucket, KEY, [(*keys[0], 0, 0), (*keys[1], 0, 1)], BOTH)
    dialect.delete(WorkstationBucket, KEY, keys[:2], only_zero=("present_any_ms", "working_any_ms"))
    assert stored() == [(0, 1)]


@pytest.fixture
def spans(floor: Floor) -> int:
    """Three pieces of one worker: [0, 10) and [10, 20) of work at S1, [30, 40) at S2."""
    worker, (one, two) = floor.workers["W1"].pk, [floor.stations[code].pk for code in ("S1", "S2")]
    rows = [(0, 10, one), (10, 20, one), (30, 40, two)]
    values = [(worker, start, end, "working", station) for start, end, station in rows]
    assert dialect.insert_missing(Span, SPAN, SPAN[:2], values) is None
    return worker


def test_insert_missing_says_which_rows_were_new(floor: Floor, spans: int) -> None:
    station = floor.stations["S1"].pk
    rows = [(spans, start, 99, "idle", station) for start in (10, 50)]
    assert dialect.insert_missing(Span, SPAN, SPAN[:2], rows) == {(spans, 50)}


def test_within_finds_what_starts_in_a_range_and_reaches_far_enough(spans: int) -> None:
    at = ("worker_id", "started_at")
    found = dialect.within(Span, ["started_at"], at, [(spans, 0, 30, 20)], until="ended_at")
    assert sorted(found) == [(10,), (30,)]


@pytest.mark.parametrize("high, found", [(-1, []), (9, [(0,)]), (10, [(10,)]), (99, [(30,)])])
def test_last_before_is_the_newest_not_after(spans: int, high: int, found: list) -> None:
    at = ("worker_id", "started_at")
    assert dialect.last_before(Span, ["started_at"], at, [(spans, high)]) == found


@pytest.mark.parametrize("high, start", [(5, 0), (15, 0), (35, 30)])
def test_run_starts_where_its_touching_pieces_began(spans: int, high: int, start: int) -> None:
    at = ("worker_id", "started_at", "ended_at")
    found = dialect.run_starts(Span, at, ("state", "workstation_id"), [(spans, high)])
    assert found == {spans: start}
