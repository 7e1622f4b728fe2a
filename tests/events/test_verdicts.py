"""What reviewers say of events over HTTP: who may, what can be said, and what follows at once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from common import clock
from common.instants import to_ms
from drift.models import ConfidenceBucket
from events import verdicts
from events.domain.verdict import Word
from events.models import Event, Verdict
from tests.events.test_statement_counts import statements
from tests.floor import HOUR, Floor, Json, count, event
from tests.laws.stored import stored_rows
from workers.models import Role, User


@pytest.fixture
def seen(floor: Floor) -> Event:
    """W1 idle at S1 from eight, by confidence .5, and working from nine."""
    floor.put(event("08:00", kind="idle", confidence=0.5), event("09:00"))
    return Event.objects.get(event_type="idle")


@pytest.fixture
def counted(floor: Floor) -> Event:
    """Seven units at eight."""
    floor.put(count("08:00", 7))
    return Event.objects.get()


def record(floor: Floor, worker: str = "W1") -> Json:
    return floor.worker(worker, "08:00", "09:00")


# --- who may -------------------------------------------------------------------------------------

ROLES = {"viewer": 403, "manager": 403, "reviewer": 201, "admin": 201}


@pytest.mark.parametrize("role, status", ROLES.items())
def test_reviewers_and_admins_give_verdicts(
    floor: Floor, seen: Event, role: str, status: int
) -> None:
    floor.add_member(role, role)
    assert floor.judge(seen, {"verdict": "confirmed"}, by=role).status_code == status


@pytest.mark.parametrize("role, status", ROLES.items())
def test_reviewers_and_admins_take_them_back(
    floor: Floor, seen: Event, role: str, status: int
) -> None:
    floor.add_member(role, role)
    expected = 403 if status == 403 else 404  # nothing of theirs is there
    assert floor.judge(seen, None, by=role).status_code == expected


@pytest.mark.parametrize("word", [{"verdict": "confirmed"}, None], ids=["give", "undo"])
def test_event_of_another_site_does_not_exist(floor: Floor, seen: Event, word: Any) -> None:
    Floor("F2").add_member("kim", Role.ADMIN)
    floor.say(seen, "confirmed")
    answer = floor.judge(seen, word, by="kim")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("number", [0, 999_999, 2**63])
def test_event_that_is_not_there_is_not_found(floor: Floor, number: int) -> None:
    assert floor.judge(number, {"verdict": "confirmed"}).status_code == 404


def test_nobody_speaks_without_log_in(floor: Floor, seen: Event) -> None:
    answer = floor.client.post(f"/api/v1/events/{seen.pk}/verdict/", {"verdict": "confirmed"})
    assert (answer.status_code, Verdict.objects.count()) == (401, 0)


# --- what can be said ----------------------------------------------------------------------------

NOTHING_COUNTS = {"event_type": None, "worker_id": None, "workstation_id": None, "count": None}
AS_REPORTED = {"event_type": "idle", "worker_id": "W1", "workstation_id": "S1", "count": 0}


@pytest.mark.parametrize(
    "verdict, more, counts",
    [
        ("confirmed", {}, AS_REPORTED),
        ("rejected", {}, NOTHING_COUNTS),
        ("unclear", {}, NOTHING_COUNTS),
        ("relabelled", {"event_type": "working"}, AS_REPORTED | {"event_type": "working"}),
        ("relabelled", {"worker_id": "W2"}, AS_REPORTED | {"worker_id": "W2"}),
        ("relabelled", {"workstation_id": "S3"}, AS_REPORTED | {"workstation_id": "S3"}),
        (
            "relabelled",
            {"event_type": "product_count"},
            AS_REPORTED | {"event_type": "product_count", "count": 1},
        ),
        (
            "relabelled",
            {"event_type": "product_count", "count": 0},
            AS_REPORTED | {"event_type": "product_count"},
        ),
        (
            "relabelled",
            {"event_type": "absent", "worker_id": None, "count": None},
            AS_REPORTED | {"event_type": "absent"},
        ),
    ],
)
def test_answer_says_what_counts(
    floor: Floor, seen: Event, verdict: str, more: Json, counts: Json
) -> None:
    answer = floor.say(seen, verdict, reason="Seen on the picture", **more)
    assert answer == {
        "verdict": verdict,
        **counts,
        "reason": "Seen on the picture",
        "purpose": "manual",
        "reviewer": "rosa",
        "given_at": "2026-06-17T18:00:00Z",
    }


def test_count_that_becomes_a_state_counts_no_units(floor: Floor, counted: Event) -> None:
    answer = floor.say(counted, "relabelled", event_type="idle")
    assert (answer["event_type"], answer["count"]) == ("idle", 0)


def test_count_keeps_its_units_where_only_the_worker_was_wrong(
    floor: Floor, counted: Event
) -> None:
    assert floor.say(counted, "relabelled", worker_id="W2")["count"] == 7


BAD_WORDS = [
    ({}, "verdict"),
    ({"verdict": "maybe"}, "verdict"),
    ({"verdict": None}, "verdict"),
    ({"verdict": ["confirmed"]}, "verdict"),
    ({"verdict": "relabelled"}, "verdict"),
    ({"verdict": "relabelled", "event_type": "idle", "worker_id": "W1"}, "verdict"),
    ({"verdict": "relabelled", "event_type": "asleep"}, "event_type"),
    ({"verdict": "relabelled", "event_type": ""}, "event_type"),
    ({"verdict": "relabelled", "worker_id": "W9"}, "worker_id"),
    ({"verdict": "relabelled", "worker_id": ""}, "worker_id"),
    ({"verdict": "relabelled", "worker_id": "W\0"}, "worker_id"),
    ({"verdict": "relabelled", "worker_id": "x" * 65}, "worker_id"),
    ({"verdict": "relabelled", "worker_id": {}}, "worker_id"),
    ({"verdict": "relabelled", "workstation_id": "S9"}, "workstation_id"),
    ({"verdict": "relabelled", "event_type": "absent", "count": 1}, "count"),
    *(
        ({"verdict": "relabelled", "event_type": "product_count", "count": wrong}, "count")
        for wrong in (-1, 100_001, 10**30, True, 1.0, "1", [1])
    ),
    ({"verdict": "confirmed", "event_type": "idle"}, "event_type"),
    ({"verdict": "rejected", "worker_id": "W2"}, "worker_id"),
    ({"verdict": "unclear", "count": 0}, "count"),
    ({"verdict": "confirmed", "reason": "x" * 501}, "reason"),
    ({"verdict": "confirmed", "reason": "\0"}, "reason"),
    (["confirmed"], "non_field_errors"),
]


@pytest.mark.parametrize("word, field", BAD_WORDS, ids=str)
def test_wrong_word_is_told_by_its_field(
    floor: Floor, seen: Event, word: object, field: str
) -> None:
    answer = floor.judge(seen, word)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == [field]
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("kind", ["workers", "stations"])
def test_who_was_not_active_then_was_not_it(floor: Floor, seen: Event, kind: str) -> None:
    subject = getattr(floor, kind)["W2" if kind == "workers" else "S2"]
    floor.retire(subject, seen.occurred_at.date())
    field = "worker_id" if kind == "workers" else "workstation_id"
    answer = floor.judge(seen, {"verdict": "relabelled", field: subject.code})
    assert answer.json()["fields"] == {field: [f"{subject.code} was not active then."]}


def test_event_of_a_worker_who_has_left_can_be_reviewed(floor: Floor, seen: Event) -> None:
    floor.retire(floor.workers["W1"], seen.occurred_at.date())
    floor.say(seen, "relabelled", event_type="working")


def test_body_that_is_no_json_is_refused(floor: Floor, seen: Event) -> None:
    floor.client.force_authenticate(floor.add_member("rosa", Role.REVIEWER))
    path = f"/api/v1/events/{seen.pk}/verdict/"
    answer = floor.client.generic("POST", path, b"{", "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


# --- what follows --------------------------------------------------------------------------------


def test_rejected_event_counts_as_nothing(floor: Floor, seen: Event) -> None:
    floor.say(seen, "rejected")
    assert (record(floor)["idle_ms"], record(floor)["idle_events"]) == (0, 0)


def test_relabelled_event_counts_as_what_it_was(floor: Floor, seen: Event) -> None:
    floor.say(seen, "relabelled", event_type="working")
    found = record(floor)
    assert (found["working_ms"], found["idle_ms"]) == (HOUR, 0)
    assert (found["working_events"], found["idle_events"]) == (1, 0)


def test_relabelled_event_moves_to_the_other_workers_timeline(floor: Floor, seen: Event) -> None:
    floor.put(event("08:30", "W2"))
    floor.say(seen, "relabelled", worker_id="W2")
    assert floor.timeline("08:00", "09:00") == [
        ("W2", "idle", "08:00", "08:30"),
        ("W2", "working", "08:30", "09:00"),
    ]


def test_relabelled_count_moves_its_units(floor: Floor, counted: Event) -> None:
    floor.say(counted, "relabelled", worker_id="W2", count=5)
    assert (record(floor)["units"], record(floor, "W2")["units"]) == (0, 5)


def test_relabelled_newest_event_is_what_the_worker_does_now(floor: Floor) -> None:
    floor.put(event("17:59", "W1") | {"timestamp": "2026-06-17T17:59:00Z"})
    floor.say(Event.objects.get(), "relabelled", event_type="absent")
    now = floor.figures("workers", period="live")["results"][0]
    assert (now["state"], now["since"]) == ("absent", "2026-06-17T17:59:00Z")


def test_rejected_only_event_leaves_the_worker_unseen(floor: Floor) -> None:
    floor.put(event("08:00"))
    floor.say(Event.objects.get(), "rejected")
    found = record(floor)
    assert (found["state"], found["since"], found["newest_event_at"]) == ("unknown", None, None)


@pytest.mark.parametrize("verdict", ["confirmed", "unclear"])
def test_word_that_changes_nothing_changes_no_row(floor: Floor, seen: Event, verdict: str) -> None:
    before = stored_rows()
    floor.say(seen, verdict)
    assert stored_rows() == before


def test_reviewed_event_wins_a_tie_against_a_surer_one(floor: Floor, seen: Event) -> None:
    floor.put(event("08:00", confidence=0.9))
    floor.say(seen, "confirmed")
    assert (record(floor)["idle_ms"], record(floor)["working_ms"]) == (HOUR, 0)


def test_late_event_beside_a_reviewed_one_ends_where_it_begins(floor: Floor, seen: Event) -> None:
    floor.say(seen, "relabelled", event_type="absent")
    floor.put(event("07:30"), event("08:30"))
    assert floor.timeline("07:00", "09:00") == [
        ("W1", "working", "07:30", "08:00"),
        ("W1", "absent", "08:00", "08:30"),
        ("W1", "working", "08:30", "09:00"),
    ]


def test_late_event_in_place_of_a_rejected_one_holds_past_it(floor: Floor, seen: Event) -> None:
    floor.say(seen, "rejected")
    floor.put(event("07:30"))
    assert floor.timeline("07:00", "09:00") == [("W1", "working", "07:30", "09:00")]


def test_duplicate_of_a_rejected_event_changes_nothing(floor: Floor, seen: Event) -> None:
    floor.say(seen, "rejected")
    before = stored_rows()
    answer = floor.post(event("08:00", kind="idle"))
    assert (answer["duplicate"], stored_rows()) == (1, before)


def test_duplicate_is_judged_by_what_was_reported(floor: Floor, counted: Event) -> None:
    floor.say(counted, "relabelled", count=5)
    assert floor.post(count("08:00", 7))["duplicate"] == 1
    assert floor.code_of(count("08:00", 5)) == "conflict"


def test_confidence_stays_as_reported(floor: Floor, seen: Event) -> None:
    floor.say(seen, "relabelled", event_type="working")
    assert record(floor)["confidence_avg"] == 0.5


def test_verify_finds_nothing_after_verdicts(floor: Floor, seen: Event) -> None:
    floor.say(seen, "relabelled", worker_id="W2")
    assert floor.difference() is None


@pytest.mark.parametrize("verdict", ["rejected", "confirmed", "unclear"])
def test_readers_learn_of_every_word(floor: Floor, seen: Event, verdict: str) -> None:
    tag = floor.ask("workers", "08:00", "09:00").headers["ETag"]
    floor.say(seen, verdict)
    assert floor.ask("workers", "08:00", "09:00").headers["ETag"] != tag


def test_fact_stays_as_it_was(floor: Floor, seen: Event) -> None:
    before = Event.objects.filter(pk=seen.pk).values().get()
    floor.say(seen, "relabelled", event_type="working", worker_id="W2")
    assert Event.objects.filter(pk=seen.pk).values().get() == before


def test_drift_statistics_speak_of_what_was_reported(floor: Floor, seen: Event) -> None:
    before = list(ConfidenceBucket.objects.order_by("pk").values())
    floor.say(seen, "relabelled", event_type="working", worker_id="W2")
    assert list(ConfidenceBucket.objects.order_by("pk").values()) == before != []


# --- one verdict per reviewer --------------------------------------------------------------------


def test_same_word_again_is_the_same_verdict(
    floor: Floor, seen: Event, still_clock: TimeMachineFixture
) -> None:
    first = floor.say(seen, "rejected")
    still_clock.shift(60)
    assert floor.say(seen, "rejected") == first
    assert Verdict.objects.count() == 1


def test_another_word_replaces_the_first(floor: Floor, seen: Event) -> None:
    floor.say(seen, "rejected")
    floor.say(seen, "confirmed")
    assert record(floor)["idle_ms"] == HOUR


def test_replaced_word_is_kept(floor: Floor, seen: Event) -> None:
    floor.say(seen, "rejected")
    floor.say(seen, "confirmed")
    rejected, confirmed = Verdict.objects.order_by("pk")
    assert (rejected.replaced_at, rejected.in_force) == (clock.now(), False)
    assert (confirmed.replaced_at, confirmed.in_force) == (None, True)


def test_after_a_replaced_word_undo_leaves_none(floor: Floor, seen: Event) -> None:
    before = stored_rows()
    floor.say(seen, "rejected")
    floor.say(seen, "relabelled", event_type="absent")
    floor.unsay(seen)
    assert stored_rows() == before


def test_undone_verdict_can_be_given_again(floor: Floor, seen: Event) -> None:
    floor.say(seen, "rejected")
    floor.unsay(seen)
    floor.say(seen, "rejected")
    assert record(floor)["idle_ms"] == 0


def test_undo_twice_finds_nothing(floor: Floor, seen: Event) -> None:
    floor.say(seen, "rejected")
    floor.unsay(seen)
    assert floor.judge(seen, None).json()["code"] == "not_found"


@pytest.fixture
def two(floor: Floor, seen: Event) -> Event:
    """Rosa has rejected it, then Kim has called it working."""
    floor.add_member("kim", Role.REVIEWER)
    floor.say(seen, "rejected")
    floor.say(seen, "relabelled", by="kim", event_type="working")
    return seen


def test_newest_word_is_in_force(floor: Floor, two: Event) -> None:
    assert record(floor)["working_ms"] == HOUR


def test_undo_brings_the_other_reviewers_word_back(floor: Floor, two: Event) -> None:
    floor.unsay(two, by="kim")
    assert (record(floor)["working_ms"], record(floor)["idle_ms"]) == (0, 0)


def test_undo_of_the_older_word_changes_nothing(floor: Floor, two: Event) -> None:
    before = stored_rows()
    floor.unsay(two)
    assert stored_rows() == before


def test_older_word_said_again_is_the_newest(floor: Floor, two: Event) -> None:
    floor.say(two, "rejected")
    assert record(floor)["working_ms"] == 0


def test_who_cannot_tell_leaves_the_others_word(floor: Floor, two: Event) -> None:
    floor.say(two, "unclear")
    assert record(floor)["working_ms"] == HOUR


def test_who_can_no_longer_tell_leaves_their_own(floor: Floor, two: Event) -> None:
    floor.say(two, "unclear", by="kim")
    assert record(floor)["working_ms"] == 0  # what Rosa said


def test_undo_of_one_reviewer_leaves_the_others_word(floor: Floor, two: Event) -> None:
    floor.add_member("otto", Role.REVIEWER)
    assert floor.judge(two, None, by="otto").status_code == 404
    assert record(floor)["working_ms"] == HOUR


# --- listed --------------------------------------------------------------------------------------


def listed(floor: Floor, **parameters: str) -> list[Json]:
    floor.client.force_authenticate(floor.manager)
    answer = floor.client.get("/api/v1/events/", {"site": "F1", **parameters})
    floor.client.force_authenticate(None)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.fixture
def judged(floor: Floor) -> dict[str, int]:
    """An event of each verdict, by it; one that somebody could not tell and somebody could."""
    names = ["none", "confirmed", "relabelled", "rejected", "unclear", "undone"]
    floor.put(*(event(f"08:0{n}", kind="idle") for n in range(len(names))))
    rows = dict(zip(names, Event.objects.order_by("pk"), strict=True))
    floor.add_member("kim", Role.REVIEWER)
    floor.say(rows["confirmed"], "confirmed")
    floor.say(rows["confirmed"], "unclear", by="kim")
    floor.say(rows["relabelled"], "relabelled", worker_id="W2")
    floor.say(rows["rejected"], "rejected")
    floor.say(rows["unclear"], "unclear")
    floor.say(rows["undone"], "rejected")
    floor.unsay(rows["undone"])
    return {name: row.pk for name, row in rows.items()}


@pytest.mark.parametrize(
    "choice, found",
    [
        ("none", {"none", "undone"}),
        *((name, {name}) for name in ("confirmed", "relabelled", "rejected", "unclear")),
    ],
)
def test_list_is_narrowed_by_verdict(
    floor: Floor, judged: dict[str, int], choice: str, found: set[str]
) -> None:
    assert {row["id"] for row in listed(floor, verdict=choice)} == {judged[name] for name in found}


def test_list_says_the_verdict_in_force(floor: Floor, judged: dict[str, int]) -> None:
    shown = {row["id"]: row["verdict"] and row["verdict"]["verdict"] for row in listed(floor)}
    in_force = {name: name for name in ("confirmed", "relabelled", "rejected")}
    assert shown == {pk: in_force.get(name) for name, pk in judged.items()}


def test_list_says_what_was_reported_and_what_counts(floor: Floor, judged: dict[str, int]) -> None:
    (row,) = listed(floor, verdict="relabelled")
    assert (row["worker_id"], row["verdict"]["worker_id"]) == ("W1", "W2")


def test_unknown_verdict_is_no_filter(floor: Floor) -> None:
    floor.client.force_authenticate(floor.manager)
    answer = floor.client.get("/api/v1/events/", {"site": "F1", "verdict": "maybe"})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["verdict"])


def test_one_event_says_its_verdict(floor: Floor, judged: dict[str, int]) -> None:
    floor.client.force_authenticate(floor.manager)
    answer = floor.client.get(f"/api/v1/events/{judged['rejected']}/").json()
    assert answer["verdict"]["verdict"] == "rejected"


def test_list_of_many_costs_what_a_list_of_one_costs(floor: Floor, judged: dict[str, int]) -> None:
    with CaptureQueriesContext(connection) as one:
        listed(floor, verdict="rejected")
    with CaptureQueriesContext(connection) as many:
        listed(floor)
    assert len(many) == len(one)


# --- many at once --------------------------------------------------------------------------------


@pytest.fixture
def rosa(floor: Floor) -> User:
    return floor.add_member("rosa", Role.REVIEWER)


AT_ONCE = 15  # statements


@pytest.mark.parametrize("size", [1, 40])
def test_many_verdicts_cost_as_many_statements_as_one(floor: Floor, rosa: User, size: int) -> None:
    floor.put(*(event(f"08:{n:02}", kind="idle") for n in range(60)), event("10:00"))
    rows = list(Event.objects.filter(event_type="idle").order_by("pk")[:size])
    word, now_ms = Word("relabelled", event_type="working"), to_ms(clock.now())
    cost = statements(lambda: verdicts.give_many(rows, reviewer=rosa, word=word, now_ms=now_ms))
    assert cost == AT_ONCE


def test_of_many_those_are_told_of_which_it_cannot_be_said(
    floor: Floor, rosa: User, seen: Event
) -> None:
    word, now_ms = Word("relabelled", event_type="working"), to_ms(clock.now())
    given, refused = verdicts.give_many(
        Event.objects.order_by("pk"), reviewer=rosa, word=word, now_ms=now_ms
    )
    assert (list(given), [str(each) for each in refused.values()]) == (
        [seen.pk],
        ["That is what was reported: confirm it instead."],
    )


def test_many_of_several_sites_change_each_of_them(floor: Floor, rosa: User, seen: Event) -> None:
    other = Floor("F2")
    other.put(event("08:00", kind="idle"))
    word, now_ms = Word("rejected"), to_ms(clock.now())
    rows = Event.objects.filter(event_type="idle")
    verdicts.give_many(rows, reviewer=rosa, word=word, now_ms=now_ms)
    assert [record(each)["idle_ms"] for each in (floor, other)] == [0, 0]


def test_nothing_is_said_of_no_events(floor: Floor, rosa: User) -> None:
    outcome = verdicts.give_many([], reviewer=rosa, word=Word("rejected"), now_ms=0)
    assert outcome == ({}, {})
