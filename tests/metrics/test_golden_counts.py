"""Golden cases of DOMAIN.md §5 about counting: 3, 4, 6, 19 and 20."""

import pytest

from tests.floor import HOUR, Floor, count, event
from tests.metrics.conftest import DAY


def test_golden_03_window_without_data_has_no_ratio(day: Floor) -> None:
    assert day.worker("W3", "08:00", "15:00")["utilization_pct"] is None


def test_golden_03_window_without_data_has_coverage_zero(day: Floor) -> None:
    record = day.worker("W3", "08:00", "15:00")
    assert (record["coverage_pct"], record["unknown_ms"]) == (0, 7 * HOUR)


def test_golden_03_sums_without_data_are_zero(day: Floor) -> None:
    record = day.worker("W3", "08:00", "15:00")
    assert (record["units"], record["working_ms"], record["working_events"]) == (0, 0, 0)


def test_golden_04_count_on_the_border_belongs_to_what_starts_there(floor: Floor) -> None:
    floor.put(count("09:00:00.000", 4))
    units = [
        floor.worker("W1", *window)["units"] for window in (("08:00", "09:00"), ("09:00", "10:00"))
    ]
    assert units == [0, 4]


@pytest.mark.parametrize("bucket", ["5m", "1h"])
def test_golden_04_a_bucket_has_the_count_on_its_start(floor: Floor, bucket: str) -> None:
    floor.put(count("09:00:00.000", 4))
    results = floor.figures("series", "08:00", "10:00", bucket=bucket)["results"]
    assert [row["start"][11:16] for row in results if row["units"]] == ["09:00"]


def test_golden_04_a_millisecond_before_the_border_belongs_to_what_ends_there(
    floor: Floor,
) -> None:
    floor.put(count("08:59:59.999", 4))
    assert floor.worker("W1", "08:00", "09:00")["units"] == 4


def test_golden_06_same_post_three_times_is_stored_once(floor: Floor) -> None:
    answers = [floor.post(*DAY) for _ in range(3)]
    assert [(each["accepted"], each["duplicate"]) for each in answers] == [(8, 0), (0, 8), (0, 8)]
    assert floor.events() == 8


def test_golden_06_batch_that_contains_itself_twice_is_stored_once(floor: Floor) -> None:
    answer = floor.post(*DAY, *DAY)
    assert (answer["accepted"], answer["duplicate"], floor.events()) == (8, 8, 8)


def test_golden_06_what_is_stored_once_counts_once(floor: Floor) -> None:
    floor.post(*DAY, *DAY)
    floor.post(*DAY)
    record = floor.worker("W1", "08:00", "15:00")
    assert (record["units"], record["working_events"], record["working_ms"]) == (16, 3, 5.5 * HOUR)


def shares(floor: Floor) -> dict:
    kinds = ["working"] * 3 + ["idle", "absent"] + ["product_count"] * 5
    floor.put(*(event(f"08:{n:02}", kind=kind) for n, kind in enumerate(kinds)))
    return floor.worker("W1", "08:00", "09:00")


def test_golden_19_share_of_working_over_state_logs(floor: Floor) -> None:
    assert shares(floor)["utilization_event_pct"] == 60.0


def test_golden_19_share_of_working_over_all_logs(floor: Floor) -> None:
    assert shares(floor)["utilization_event_all_pct"] == 30.0


def test_golden_20_worker_without_events_is_listed(day: Floor) -> None:
    results = day.figures("workers", "08:00", "15:00")["results"]
    assert [row["worker_id"] for row in results] == ["W1", "W2", "W3", "W4", "W5"]


def test_golden_20_worker_without_events_is_left_out_of_the_simple_mean(day: Floor) -> None:
    day.put(event("08:00", "W2"), event("15:00", "W2", kind="absent"))
    mean = day.factory("08:00", "15:00")["utilization_mean_pct"]
    assert mean == pytest.approx((100 * 5.5 / 7 + 100) / 2)


def test_golden_20_worker_of_whom_only_units_are_known_is_left_out_of_it_too(day: Floor) -> None:
    before = day.factory("08:00", "15:00")["utilization_mean_pct"]
    day.put(count("09:00", 4, worker="W2"))
    assert day.factory("08:00", "15:00")["utilization_mean_pct"] == before


def test_golden_20_scheduled_time_of_a_worker_without_events_is_pooled(day: Floor) -> None:
    record = day.factory("08:00", "15:00")
    assert (record["scheduled_ms"], record["coverage_pct"]) == (5 * 7 * HOUR, 20.0)
