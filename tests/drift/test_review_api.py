"""`review-items/` and their verdicts, as reviewers' own tools use them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from drift.models import ReviewItem
from events.models import Verdict
from tests.drift.review_desk import Desk, statuses
from tests.floor import Floor
from workers.models import Role


@pytest.fixture
def desk(floor: Floor) -> Desk:
    return Desk(floor)


def test_an_item_shows_what_people_need_and_nothing_that_sways_them(desk: Desk) -> None:
    item = desk.one(confidence=0.71)
    answer = desk.call("GET", f"review-items/{item.pk}/").json()
    assert answer == {
        "id": item.pk,
        "site": "F1",
        "event_id": item.event_id,
        "timestamp": "2026-06-17T17:59:50Z",
        "worker_id": "W1",
        "workstation_id": "S1",
        "event_type": "working",
        "count": 0,
        "camera_id": "C1",
        "snapshot_id": "",
        "purpose": "measure",
        "status": "waiting",
        "chosen_at": "2026-06-17T18:00:00Z",
        "expires_at": "2026-06-24T18:00:00Z",
        "verdict": None,
    }
    assert "0.71" not in str(answer)


def test_a_confirmation_is_a_verdict_with_the_purpose_of_the_item(desk: Desk) -> None:
    item = desk.one()
    answer = desk.say(item, "confirmed", reason="clear")
    assert (answer.status_code, answer.json()["status"]) == (201, "done")
    verdict = Verdict.objects.get()
    assert (verdict.verdict, verdict.purpose, verdict.reason) == ("confirmed", "measure", "clear")
    assert (verdict.reviewer, verdict.event_id) == (desk.grace, item.event_id)


def test_a_verdict_changes_figures_at_once_and_undoing_restores_them(desk: Desk) -> None:
    item = desk.one()
    before = _working_ms(desk)
    assert before == 10_000
    assert desk.say(item, "relabelled", event_type="idle").status_code == 201
    assert _working_ms(desk) == 0
    assert desk.take_back(item).status_code == 204
    assert _working_ms(desk) == before


def _working_ms(desk: Desk) -> int:
    window = {"start": "2026-06-17T17:55:00Z", "end": "2026-06-17T18:00:00Z"}
    return desk.floor.worker("W1", **window)["working_ms"]


@pytest.mark.parametrize(
    "word",
    [
        {"verdict": "relabelled", "event_type": "idle"},
        {"verdict": "relabelled", "worker_id": "W2"},
        {"verdict": "relabelled", "workstation_id": "S2"},
        {"verdict": "relabelled", "event_type": "product_count", "count": 3},
        {"verdict": "rejected"},
        {"verdict": "unclear"},
    ],
)
def test_every_word_can_be_said(desk: Desk, word: dict[str, object]) -> None:
    item = desk.one()
    answer = desk.call("POST", f"review-items/{item.pk}/verdict/", word)
    assert (answer.status_code, answer.json()["verdict"]) == (201, word["verdict"])


@pytest.mark.parametrize(
    "word, field",
    [
        ({"verdict": "perhaps"}, "verdict"),
        ({}, "verdict"),
        ({"verdict": "relabelled"}, "verdict"),
        ({"verdict": "relabelled", "worker_id": "W99"}, "worker_id"),
        ({"verdict": "relabelled", "event_type": "dancing"}, "event_type"),
        ({"verdict": "relabelled", "count": 3}, "count"),
        ({"verdict": "confirmed", "event_type": "idle"}, "event_type"),
    ],
)
def test_a_word_that_makes_no_sense_is_refused_and_the_item_waits_on(
    desk: Desk, word: dict[str, object], field: str
) -> None:
    item = desk.one()
    answer = desk.call("POST", f"review-items/{item.pk}/verdict/", word)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert statuses([item]) == ["waiting"]
    assert not Verdict.objects.exists()


def test_the_first_answer_counts_and_the_second_reviewer_is_told(desk: Desk) -> None:
    item = desk.one()
    desk.say(item, "confirmed")
    answer = desk.say(item, "rejected", by="joan")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_reviewed")
    assert [each.verdict for each in Verdict.objects.all()] == ["confirmed"]


def test_who_answered_may_answer_otherwise(desk: Desk) -> None:
    item = desk.one()
    desk.say(item, "confirmed")
    assert desk.say(item, "rejected").status_code == 201
    assert desk.call("GET", f"review-items/{item.pk}/").json()["verdict"] == "rejected"


def test_the_same_answer_twice_is_one_verdict(desk: Desk) -> None:
    item = desk.one()
    for _ in range(2):
        assert desk.say(item, "confirmed").status_code == 201
    assert Verdict.objects.count() == 1


def test_one_look_answers_all_that_ask_about_the_event(desk: Desk) -> None:
    desk.plan(per_week_to_train=1_000)
    desk.see(1, confidence=0.61)
    desk.tend()
    measure, train = desk.items()
    desk.say(measure, "confirmed")
    assert statuses([measure, train]) == ["done", "done"]
    desk.take_back(measure)
    assert statuses([measure, train]) == ["waiting", "waiting"]


def test_only_ones_own_word_is_taken_back(desk: Desk) -> None:
    item = desk.one()
    desk.say(item, "confirmed")
    assert desk.take_back(item, by="joan").status_code == 404
    assert statuses([item]) == ["done"]


def test_undoing_twice_finds_nothing(desk: Desk) -> None:
    item = desk.one()
    desk.say(item, "confirmed")
    assert desk.take_back(item).status_code == 204
    assert desk.take_back(item).status_code == 404


def test_an_undone_item_is_the_reviewers_again(desk: Desk) -> None:
    item = desk.one()
    desk.say(item, "confirmed")
    desk.take_back(item)
    assert desk.claim(desk.joan) == []
    assert desk.claim(desk.grace) == [item.pk]


def test_an_expired_item_takes_no_answer(desk: Desk, time_machine: TimeMachineFixture) -> None:
    item = desk.one()
    time_machine.shift(8 * 24 * 3600)
    desk.tend()
    assert desk.say(item, "confirmed").status_code == 409


def test_the_list_is_filtered(desk: Desk) -> None:
    desk.plan(per_week_to_train=1_000)
    desk.see(2, confidence=0.61)
    desk.tend()
    desk.say(desk.items()[0], "confirmed")

    def listed(query: str) -> list[str]:
        rows = desk.call("GET", f"review-items/?{query}").json()["results"]
        return sorted(f"{row['purpose']} {row['status']}" for row in rows)

    assert listed("site=F1&purpose=train") == ["train done", "train waiting"]
    assert listed("status=waiting&purpose=measure") == ["measure waiting"]
    assert len(listed("site=F1")) == 4


def test_a_list_costs_the_same_for_one_item_and_for_many(desk: Desk) -> None:
    desk.call("GET", "review-items/?site=F1")
    costs = []
    for number in (1, 8):
        desk.see(number, worker=f"W{number % 5 + 1}")
        desk.tend()
        with CaptureQueriesContext(connection) as queries:
            assert desk.call("GET", "review-items/?site=F1").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 5


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_pictures_of_people_are_not_for_everybody(desk: Desk, role: Role) -> None:
    item = desk.one()
    desk.floor.add_member("eve", role)
    for method, path in (
        ("GET", "review-items/"),
        ("GET", "review-items/?site=F1"),
        ("GET", f"review-items/{item.pk}/"),
        ("DELETE", f"review-items/{item.pk}/verdict/"),
    ):
        assert desk.call(method, path, by="eve").status_code == 403
    assert desk.say(item, "confirmed", by="eve").status_code == 403


def test_another_sites_items_do_not_exist(desk: Desk) -> None:
    item = desk.one()
    other = Floor("F2")
    other.add_member("mallory", Role.ADMIN)
    for method, path in (
        ("GET", "review-items/?site=F1"),
        ("GET", f"review-items/{item.pk}/"),
        ("DELETE", f"review-items/{item.pk}/verdict/"),
    ):
        assert desk.call(method, path, by="mallory").status_code == 404
    assert desk.say(item, "confirmed", by="mallory").status_code == 404
    assert desk.call("GET", "review-items/", by="mallory").json()["results"] == []
    assert ReviewItem.objects.get().status == "waiting"


def test_an_admin_may_review_too(desk: Desk) -> None:
    desk.floor.add_member("boss", Role.ADMIN)
    assert desk.say(desk.one(), "confirmed", by="boss").status_code == 201
