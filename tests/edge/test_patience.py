"""How long a sender waits before it tries again."""

from random import Random

import pytest

from edge.answer import Answer
from edge.patience import Patience

PATIENCE = Patience(first=0.5, longest=30, slow=60)


@pytest.mark.parametrize(
    "failures, low, high",
    [(1, 0.25, 0.5), (2, 0.5, 1), (5, 4, 8), (7, 15, 30), (5000, 15, 30)],
)
def test_wait_doubles_up_to_a_limit(failures: int, low: float, high: float) -> None:
    waits = [PATIENCE.wait(Answer(503), failures=failures, dice=Random(n)) for n in range(100)]

    assert low <= min(waits) < max(waits) <= high


def test_wait_has_jitter() -> None:
    waits = {PATIENCE.wait(Answer(503), failures=1, dice=Random(n)) for n in range(100)}

    assert len(waits) > 90


def test_server_that_names_a_time_is_asked_after_it() -> None:
    answer = Answer(429, retry_after=7)

    assert 7 <= PATIENCE.wait(answer, failures=9, dice=Random(1)) <= 7.5


def test_server_that_names_next_year_is_asked_after_an_hour() -> None:
    answer = Answer(503, retry_after=31e6)

    assert PATIENCE.wait(answer, failures=1, dice=Random(1)) < 3601


@pytest.mark.parametrize("status", [401, 403, 404, 301])
def test_what_a_person_must_mend_is_tried_slowly(status: int) -> None:
    assert PATIENCE.wait(Answer(status), failures=1, dice=Random(1)) == 60
