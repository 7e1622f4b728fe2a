"""How long a sender waits before it tries again."""

from random import Random

import pytest

from edge.patience import Patience

PATIENCE = Patience(first=0.5, longest=30, blocked=60)


def waits(*, retry_after: float | None = None, failures: int = 1) -> list[float]:
    """By dice of a hundred kinds."""
    return [
        PATIENCE.wait(retry_after, is_blocked=False, failures=failures, dice=Random(n))
        for n in range(100)
    ]


@pytest.mark.parametrize("failures, most", [(1, 0.5), (2, 1), (5, 8), (7, 30), (5000, 30)])
def test_wait_doubles_up_to_a_limit(failures: int, most: float) -> None:
    assert most * 0.9 < max(waits(failures=failures)) <= most


def test_wait_has_full_jitter() -> None:
    assert len(set(waits())) > 90
    assert min(waits()) < 0.05


def test_server_that_names_a_time_is_asked_after_it() -> None:
    assert 7 <= min(waits(retry_after=7, failures=9)) <= max(waits(retry_after=7)) <= 7.5


def test_server_that_names_next_year_is_asked_after_an_hour() -> None:
    assert max(waits(retry_after=31e6)) < 3601


def test_what_a_person_must_mend_is_tried_slowly() -> None:
    assert PATIENCE.wait(None, is_blocked=True, failures=1, dice=Random(1)) == 60
