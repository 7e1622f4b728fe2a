"""Sums and bins of confidences follow from the facts alone, in any order of arrival."""

from bisect import bisect_right
from collections import defaultdict
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given

from common.instants import HOUR_MS, MINUTE_MS, to_ms
from drift.domain import buckets
from drift.models import ConfidenceBin, ConfidenceBucket, Segment
from tests.floor import Floor, at, count, event, ms, taken_back
from tests.laws.effort import LAW
from tests.laws.logs import Delivery, deliver, deliveries
from tests.laws.oracle import Seen

EDGES = [*range(0, 8_000, 400), *range(8_000, 10_000, 50)]
OF_SEGMENT = ("segment__camera__code", "segment__model_version", "segment__event_type")

Rows = dict[tuple[Any, ...], tuple[int, ...]]


def stored_sums() -> Rows:
    rows = ConfidenceBucket.objects.values_list(*OF_SEGMENT, "start_at", "n", "s1", "s2")
    return dict(map(_split, rows))


def _split(row: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    *key, start = row[:4]
    return (*key, to_ms(start)), row[4:]


def stored_bins() -> Rows:
    rows = ConfidenceBin.objects.values_list(*OF_SEGMENT, "start_at", *buckets.COLUMNS)
    return {key: tuple(buckets.bins_of(columns)) for key, columns in map(_split, rows)}


def expected(seen: list[Seen]) -> tuple[Rows, Rows]:
    """One fact after the other, by the definition."""
    sums: defaultdict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    bins: defaultdict[Any, list[int]] = defaultdict(lambda: [0] * 60)
    for fact in seen:
        if fact.confidence is None or fact.restated:
            continue
        segment = (fact.camera, "", fact.kind)
        c = round(fact.confidence * 10_000)
        row = sums[*segment, fact.at // (15 * MINUTE_MS) * (15 * MINUTE_MS)]
        for place, amount in enumerate((1, c, c * c)):
            row[place] += amount
        bins[*segment, fact.at // HOUR_MS * HOUR_MS][bisect_right(EDGES, c) - 1] += 1
    return (
        {key: tuple(row) for key, row in sums.items()},
        {key: tuple(row) for key, row in bins.items()},
    )


@LAW
@given(deliveries())
def test_rows_follow_from_the_events_alone(floor: Floor, delivery: Delivery) -> None:
    with taken_back():
        if not floor.site.cameras.filter(code="C3").exists():
            floor.add_camera("C3", ttl=1)
        sums, bins = expected(deliver(floor, delivery))
        assert stored_sums() == sums
        assert stored_bins() == bins
        assert floor.difference() is None


def test_a_camera_that_names_no_version_is_kept_under_the_registered_one(floor: Floor) -> None:
    floor.cameras["C1"].model_versions.create(version="yolo-1")
    floor.put(event("08:00"), event("08:01", model_version="yolo-2"))
    assert {key[1] for key in stored_sums()} == {"yolo-1", "yolo-2"}


def test_the_hour_between_two_quarters_is_one_row_of_bins(floor: Floor) -> None:
    floor.put(event("08:10", confidence=0.3), event("08:20", confidence=1))
    assert list(stored_sums().values()) == [(1, 3_000, 9_000_000), (1, 10_000, 10**8)]
    (row,) = stored_bins().values()
    assert {place: n for place, n in enumerate(row) if n} == {7: 1, 59: 1}


def test_product_counts_have_a_segment_of_their_own(floor: Floor) -> None:
    floor.put(event("08:00"), count("08:00"))
    assert {key[2] for key in stored_sums()} == {"working", "product_count"}


@pytest.mark.parametrize("more", [{"confidence": None}, {"restated": True}], ids=str)
def test_what_says_nothing_of_recognition_is_left_out(floor: Floor, more: dict) -> None:
    floor.put(event("08:00", **more))
    assert not stored_sums()


def test_bins_meet_without_gap_or_overlap() -> None:
    assert [buckets.edge_of(number) for number in range(60)] == [edge / 10_000 for edge in EDGES]
    assert [buckets.bin_of(edge) for edge in EDGES] == list(range(60))


def test_a_bin_holds_two_million_events_of_an_hour() -> None:
    row = [0] * len(buckets.COLUMNS)
    buckets.count([0] * 2_000_000 + [400], row)
    assert buckets.bins_of(row)[:3] == [2_000_000, 1, 0]


# --- made again from the facts ----------------------------------------------------------------


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def kept(floor: Floor) -> Floor:
    """Two days of a few events."""
    floor.put(*(event(f"{hour:02}:10") for hour in range(6, 9)), event(at("08:00", day=1)))
    return floor


DERIVED = [ConfidenceBucket, ConfidenceBin, Segment]


@pytest.mark.parametrize("model", DERIVED)
def test_verify_names_what_is_missing(kept: Floor, model: type[Segment]) -> None:
    model.objects.all().delete()
    with pytest.raises(CommandError, match=r"2026-06-16: (sums|bins) expected and"):
        run("verify")
    assert not model.objects.exists()


@pytest.mark.parametrize("change", [{"n": 9}, {"s1": 9}, {"s2": 9}], ids=str)
def test_verify_finds_what_is_wrong(kept: Floor, change: dict) -> None:
    ConfidenceBucket.objects.filter(start_at=ms("08:00", day=1)).update(**change)
    with pytest.raises(CommandError, match="confidences of 2026-06-17"):
        run("verify")


@pytest.mark.parametrize("model", DERIVED)
def test_rebuild_restores_what_is_missing(kept: Floor, model: type[Segment]) -> None:
    before = stored_sums(), stored_bins()
    model.objects.all().delete()
    run("rebuild")
    assert (stored_sums(), stored_bins()) == before


def test_rebuild_removes_what_does_not_follow(kept: Floor) -> None:
    before = stored_sums(), stored_bins()
    ConfidenceBucket.objects.update(n=9)
    ConfidenceBin.objects.update(bins_0=9)
    ConfidenceBucket.objects.create(segment=Segment.objects.get(), start_at=ms("20:00", day=5), n=1)
    run("rebuild")
    assert (stored_sums(), stored_bins()) == before


def test_rebuild_leaves_what_is_older_than_the_facts(kept: Floor) -> None:
    old = {"segment": Segment.objects.get(), "start_at": ms("08:00", day=-30)}
    ConfidenceBucket.objects.create(**old, n=1)
    run("rebuild")
    assert ConfidenceBucket.objects.filter(**old).exists()


# --- cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 1_000])
def test_a_batch_costs_three_statements_whatever_its_size(floor: Floor, size: int) -> None:
    """And two where it is committed: the numbers of segments are remembered from then on."""
    floor.put(event("07:00"))
    batch = [event(f"08:{n // 60 % 60:02}:{n % 60:02}") for n in range(size)]
    with CaptureQueriesContext(connection) as captured:
        floor.put(*batch)
    assert sum("drift_" in query["sql"] for query in captured) == 3


@pytest.mark.django_db(transaction=True)
def test_numbers_are_remembered_once_they_are_committed() -> None:
    floor = Floor()
    with transaction.atomic():
        floor.put(event("07:00"))
        transaction.set_rollback(True)
    with transaction.atomic():
        floor.put(event("07:00"))
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        floor.put(event("08:00"))
    assert len(stored_sums()) == 2
    assert sum("drift_" in query["sql"] for query in captured) == 2
