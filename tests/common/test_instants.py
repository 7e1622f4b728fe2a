"""Instants are whole milliseconds since 1970."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.instants import ceil_to, floor_to, to_datetime, to_ms, to_rfc3339

instants = st.integers(-(10**12), 10**13)


@given(instants)
def test_instant_survives_the_way_to_a_moment_and_back(instant: int) -> None:
    assert to_ms(to_datetime(instant)) == instant


@given(instants)
def test_text_names_the_same_instant(instant: int) -> None:
    assert to_ms(datetime.fromisoformat(to_rfc3339(instant))) == instant


@given(instants, st.integers(1, 10**8))
def test_instant_lies_between_its_marks(instant: int, step: int) -> None:
    low, high = floor_to(instant, step), ceil_to(instant, step)
    assert low <= instant <= high
    assert high - low in (0, step)
    assert low % step == high % step == 0


def test_microseconds_are_cut() -> None:
    assert to_ms(datetime(1970, 1, 1, 0, 0, 0, 1_999, UTC)) == 1


def test_microseconds_before_1970_are_cut_downwards() -> None:
    assert to_ms(datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)) == -1


def test_offset_does_not_change_the_instant() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    assert to_ms(datetime(1970, 1, 1, 5, 30, tzinfo=india)) == 0


def test_moment_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        to_ms(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    "instant, text", [(0, "1970-01-01T00:00:00Z"), (1_250, "1970-01-01T00:00:01.250Z")]
)
def test_text_has_milliseconds_only_where_there_are_any(instant: int, text: str) -> None:
    assert to_rfc3339(instant) == text
