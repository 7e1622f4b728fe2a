"""What both databases must do alike, and with how many statements."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from common import dialect
from common.dialect import Merge
from common.dialect.copying import COPY_FROM
from drift.models import Segment
from metrics.models import Span, WorkstationBucket
from tests.floor import Floor
from workers.models import BackgroundTask

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


# --- what travels to PostgreSQL ----------------------------------------------------------------

TEXTS = ["", " ", "NULL", "a,b", 'say "x"', "back\\slash", "{curly}", "tab\tnew\nline", "Zürich"]
SEGMENT = ("camera_id", "model_version", "event_type")


def segments(floor: Floor, texts: list[str]) -> list[tuple[int, str, str]]:
    return [(floor.cameras["C1"].pk, text, "working") for text in texts]


def test_texts_arrive_as_they_were_sent(floor: Floor) -> None:
    dialect.insert_missing(Segment, SEGMENT, SEGMENT, segments(floor, TEXTS))
    assert set(Segment.objects.values_list("model_version", flat=True)) == set(TEXTS)


@pytest.mark.parametrize("size", [3, COPY_FROM])
def test_insert_names_what_was_new(floor: Floor, size: int) -> None:
    rows = segments(floor, [f'"{n}"' for n in range(size)])
    dialect.insert_missing(Segment, SEGMENT, SEGMENT, rows[:2])
    assert dialect.insert_missing(Segment, SEGMENT, SEGMENT, rows) == set(rows[2:])
    assert Segment.objects.count() == size


def test_large_inserts_follow_each_other_in_one_transaction(floor: Floor) -> None:
    for letter in "ab":
        rows = segments(floor, [f"{letter}{n}" for n in range(COPY_FROM)])
        assert dialect.insert_missing(Segment, SEGMENT, SEGMENT, rows) is None
    assert Segment.objects.count() == 2 * COPY_FROM


@pytest.mark.parametrize("size", [1, COPY_FROM])
def test_row_that_breaks_a_rule_is_an_error_of_the_database(floor: Floor, size: int) -> None:
    rows = [(floor.cameras["C1"].pk, f"{'x' * 65}{n}", "working") for n in range(size)]
    if connection.vendor == "postgresql":  # SQLite lets a text be as long as it is
        with pytest.raises(DataError), transaction.atomic():
            dialect.insert_missing(Segment, SEGMENT, SEGMENT, rows)
    assert Segment.objects.count() == 0


def test_what_failed_under_way_is_told_before_the_end(keys: list[tuple[int, ...]]) -> None:
    """A statement that nobody reads from fails the transaction that it belongs to."""
    too_much = [(*keys[0], 2**40, 0)]
    if connection.vendor == "postgresql":  # SQLite's columns have no such limit
        with pytest.raises(DataError), transaction.atomic():
            dialect.upsert(WorkstationBucket, KEY, too_much, BOTH)
    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_what_fails_without_an_answer_is_told_by_the_commit_and_leaves_a_sound_connection() -> None:
    columns = ["path", "due_at", "claimed_by", "failures", "last_error"]
    rows = [("same", 0, "", 0, ""), ("same", 0, "", 0, "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        dialect.insert(BackgroundTask, columns, rows)
    assert not BackgroundTask.objects.filter(path="same").exists()
