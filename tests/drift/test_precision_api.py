"""`precision/`: what reviews chosen by chance have shown, and nothing else."""

import pytest
from time_machine import TimeMachineFixture

from drift.models import ReviewItem
from events.domain.verdict import Word
from events.models import Event
from events.verdicts import give, undo
from tests.drift.review_desk import Desk, now_ms
from tests.floor import Floor, Json
from workers.models import Role


@pytest.fixture
def desk(floor: Floor) -> Desk:
    return Desk(floor)


def rows(desk: Desk, query: str = "", *, by: str = "ada") -> list[Json]:
    answer = desk.call("GET", f"precision/?site=F1{query}", by=by)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def review_all(desk: Desk, *words: str) -> None:
    """Says the words in turn, one for each item of the queue."""
    for item, word in zip(desk.items(purpose="measure"), words, strict=True):
        assert desk.say(item, word).status_code == 201


def test_forty_reviews_give_a_share_with_its_interval(desk: Desk) -> None:
    desk.many(40)
    review_all(desk, *["confirmed"] * 36, *["rejected"] * 4)
    (row,) = rows(desk)
    assert row == {
        "model_version": "",
        "event_type": "working",
        "n": 40,
        "n_effective": 40.0,
        "precision": 0.9,
        "low": 0.7695,
        "high": 0.9604,
        "worst": 0.9,
        "best": 0.9,
        "unclear_pct": 0.0,
        "status": "ok",
    }


def test_twenty_nine_reviews_are_not_enough(desk: Desk) -> None:
    desk.many(29)
    review_all(desk, *["confirmed"] * 29)
    (row,) = rows(desk)
    assert (row["n"], row["status"]) == (29, "not_enough")
    assert (row["precision"], row["low"], row["high"]) == (None, None, None)


def test_what_could_not_be_told_is_a_share_of_its_own(desk: Desk) -> None:
    desk.many(40)
    review_all(desk, *["confirmed"] * 32, *["unclear"] * 8)
    (row,) = rows(desk)
    assert (row["n"], row["unclear_pct"], row["precision"]) == (32, 20.0, 1.0)
    assert (row["worst"], row["best"]) == (0.8, 1.0)


def test_versions_and_types_are_kept_apart(desk: Desk) -> None:
    desk.see(2, model_version="v1")
    desk.see(1, model_version="v2", worker="W2")
    desk.see(1, model_version="v2", worker="W3", kind="idle")
    desk.tend()
    review_all(desk, *["confirmed"] * 4)
    found = [(row["model_version"], row["event_type"], row["n"]) for row in rows(desk)]
    assert found == [("v1", "working", 2), ("v2", "idle", 1), ("v2", "working", 1)]


def test_an_undone_answer_no_longer_counts(desk: Desk) -> None:
    items = desk.many(3)
    review_all(desk, *["confirmed"] * 3)
    desk.take_back(items[0])
    assert rows(desk)[0]["n"] == 2


def test_an_answer_undone_elsewhere_no_longer_counts_either(desk: Desk) -> None:
    items = desk.many(3)
    review_all(desk, *["confirmed"] * 3)
    undo(items[0].event, reviewer=desk.grace, now_ms=now_ms())
    assert rows(desk)[0]["n"] == 2


def test_manual_verdicts_are_in_no_statistic(desk: Desk) -> None:
    desk.many(1)
    event = Event.objects.get()
    give(event, reviewer=desk.joan, word=Word("rejected"), now_ms=now_ms())
    assert rows(desk)[0]["n"] == 0


def test_examples_to_train_with_are_in_no_statistic(desk: Desk) -> None:
    desk.plan(per_week=0, per_week_to_train=1_000)
    desk.see(3, confidence=0.61)
    desk.tend()
    for item in ReviewItem.objects.all():
        assert desk.say(item, "rejected").status_code == 201
    assert rows(desk) == []


def test_the_window_is_that_of_the_events(desk: Desk) -> None:
    desk.many(3)
    assert rows(desk, "&start=2026-06-17T17:59:50Z")[0]["n"] == 0
    review_all(desk, *["confirmed"] * 3)
    assert rows(desk, "&start=2026-06-17T17:59:50Z")[0]["n"] == 1
    assert rows(desk, "&end=2026-06-17T17:59:50Z")[0]["n"] == 2
    assert rows(desk, "&end=2026-06-17T17:00:00Z") == []


def test_without_a_window_it_is_that_of_four_weeks(
    desk: Desk, time_machine: TimeMachineFixture
) -> None:
    desk.many(1)
    time_machine.shift(28 * 24 * 3600 - 20)
    assert len(rows(desk)) == 1
    time_machine.shift(20)
    assert rows(desk) == []


@pytest.mark.parametrize(
    "query, status",
    [
        ("site=F1&start=yesterday", 400),
        ("site=F1&end=2026-13-01", 400),
        ("", 404),
        ("site=F9", 404),
    ],
)
def test_a_wrong_question_is_said(desk: Desk, query: str, status: int) -> None:
    assert desk.call("GET", f"precision/?{query}", by="ada").status_code == status


@pytest.mark.parametrize(
    "role, status",
    [(Role.VIEWER, 403), (Role.MANAGER, 200), (Role.REVIEWER, 200), (Role.ADMIN, 200)],
)
def test_who_may_read_it(desk: Desk, role: Role, status: int) -> None:
    desk.floor.add_member("eve", role)
    assert desk.call("GET", "precision/?site=F1", by="eve").status_code == status


def test_another_sites_precision_does_not_exist(desk: Desk) -> None:
    Floor("F2").add_member("mallory", Role.ADMIN)
    assert desk.call("GET", "precision/?site=F1", by="mallory").status_code == 404
