"""What the newest events suggest about their camera: a table of cases, and a slow oracle."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.instants import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from events.domain.connection import (
    GAPS_NEEDED,
    Hint,
    HintKind,
    Seen,
    fitting_ttl_s,
    hints,
    median_gap,
    of_lag,
)

WEEK_MS = 7 * DAY_MS


def every(gap_ms: int, *, count: int = 6, worker: int = 1, lag_ms: int = 0) -> list[Seen]:
    return [
        Seen(worker, "working", number * gap_ms, number * gap_ms + lag_ms)
        for number in range(count)
    ]


@pytest.mark.parametrize(
    "gap, ttl_s",
    [
        (20 * SECOND_MS, 60),
        (2 * MINUTE_MS, 10 * 60),
        (7 * MINUTE_MS, 30 * 60),
        (22 * MINUTE_MS, 2 * 3600),
        (90 * MINUTE_MS, 8 * 3600),
        (9 * HOUR_MS, 2 * 24 * 3600),
        (4 * DAY_MS, 7 * 24 * 3600),
    ],
)
def test_a_fitting_ttl_is_one_that_people_would_choose(gap: int, ttl_s: int) -> None:
    assert fitting_ttl_s(gap, max_ttl_ms=WEEK_MS) == ttl_s


def test_a_camera_that_sends_changes_is_told_of_a_longer_ttl() -> None:
    found = hints(every(22 * MINUTE_MS), ttl_ms=5 * MINUTE_MS, max_ttl_ms=WEEK_MS)
    assert found == [Hint(HintKind.TTL, 22 * MINUTE_MS, 2 * 3600)]


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([], id="nothing"),
        pytest.param(every(5 * MINUTE_MS), id="gap as long as the ttl"),
        pytest.param(every(HOUR_MS, count=GAPS_NEEDED), id="too few to tell"),
        pytest.param(
            [event for n in range(9) for event in every(HOUR_MS, count=1, worker=n)],
            id="each worker once",
        ),
    ],
)
def test_what_fits_or_is_not_known_gives_no_hint(seen: list[Seen]) -> None:
    assert hints(seen, ttl_ms=5 * MINUTE_MS, max_ttl_ms=WEEK_MS) == []


def test_counts_are_no_rhythm() -> None:
    counts = [event._replace(event_type="product_count") for event in every(HOUR_MS)]
    assert median_gap(counts) is None


def test_a_ttl_at_its_limit_can_not_be_raised() -> None:
    assert hints(every(8 * DAY_MS), ttl_ms=WEEK_MS, max_ttl_ms=WEEK_MS) == []


@pytest.mark.parametrize(
    "lag, kind",
    [
        (0, None),
        (2 * MINUTE_MS, None),
        (-4 * SECOND_MS, None),
        (2 * MINUTE_MS + 1, HintKind.BEHIND),
        (17 * MINUTE_MS, HintKind.BEHIND),
        (-5 * SECOND_MS, HintKind.AHEAD),
        (-9 * MINUTE_MS, HintKind.AHEAD),
        (2 * HOUR_MS + 20 * SECOND_MS, HintKind.ZONE),
        (-2 * HOUR_MS - 20 * SECOND_MS, HintKind.ZONE),
        (5 * HOUR_MS + 30 * MINUTE_MS, HintKind.ZONE),
    ],
)
def test_a_lag_tells_of_the_clock(lag: int, kind: HintKind | None) -> None:
    hint = of_lag(lag)
    assert (hint.kind if hint else None) == kind


def test_the_usual_lag_decides_not_the_worst() -> None:
    seen = [*every(MINUTE_MS, count=5), *every(MINUTE_MS, count=2, worker=2, lag_ms=HOUR_MS)]
    assert hints(seen, ttl_ms=5 * MINUTE_MS, max_ttl_ms=WEEK_MS) == []


instants = st.integers(0, 50)
events = st.lists(
    st.builds(
        Seen,
        st.integers(1, 3),
        st.sampled_from(["working", "idle", "absent", "product_count"]),
        instants,
        instants,
    ),
    max_size=30,
)


@given(events)
def test_gaps_are_between_neighbours_of_one_worker(seen: list[Seen]) -> None:
    states = {(e.worker_id, e.occurred_at) for e in seen if e.event_type != "product_count"}
    gaps = sorted(
        abs(a[1] - b[1])
        for a, b in combinations(states, 2)
        if a[0] == b[0]
        and not any(w == a[0] and min(a[1], b[1]) < t < max(a[1], b[1]) for w, t in states)
    )
    expected = gaps[(len(gaps) - 1) // 2] if len(gaps) >= GAPS_NEEDED else None
    assert median_gap(seen) == expected


@given(st.integers(1, 2 * WEEK_MS))
def test_a_fitting_ttl_outlasts_three_gaps_and_is_at_most_twice_that(gap: int) -> None:
    ttl_ms = fitting_ttl_s(gap, max_ttl_ms=WEEK_MS) * SECOND_MS
    assert min(3 * gap, WEEK_MS) <= ttl_ms < max(6 * gap, 3 * gap + SECOND_MS)
