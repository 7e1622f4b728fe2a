"""Whatever is sent, the answer is JSON and no fault of ours, and what is good is stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, seed, settings
from pytest_django import DjangoDbBlocker
from rest_framework.response import Response

from events import refusals, store
from events.domain.judgement import Refusal
from tests.events.hostile_bodies import BODIES, ENVELOPES, Body
from tests.events.hostile_draws import bodies
from tests.events.hostile_items import MALFORMED, NOT_UTF8, REFUSED, TAKEN, good, with_bytes
from tests.fault_profile import HOSTILE_DRAWS, Account, account
from tests.floor import NOW, Floor, taken_back

pytestmark = pytest.mark.django_db
LINES = "application/x-ndjson"
FIRST, LAST = (json.dumps(good(minute)).encode() for minute in (1, 2))


@pytest.fixture(scope="module")
def hall(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Floor]:
    """One for all cases; each is a savepoint within, taken back at its end."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), taken_back():
        yield Floor()


def in_array(item: bytes) -> bytes:
    return b"[" + b", ".join([FIRST, item, LAST]) + b"]"


def on_line(item: bytes) -> bytes:
    return b"\n".join([FIRST, item, LAST])


def codes(response: Response) -> list[tuple[int, str]]:
    return [(each["index"], each["code"]) for each in response.json()["refused"]]


def assert_is_answered(response: Response, hall: Floor) -> None:
    """JSON, no 5xx; the sums are right; what is not taken as a whole left nothing behind."""
    assert response.headers["Content-Type"] == "application/json"
    answer = response.json()
    assert response.status_code < 500, answer
    if response.status_code == 200 and "received" in answer:
        parts = answer["accepted"] + answer["duplicate"] + len(answer["refused"])
        assert answer["received"] == parts
    elif response.status_code in (400, 413, 415):
        assert (hall.events(), hall.refused().count()) == (0, 0)


def named(cases: dict[str, str]) -> list:
    return [pytest.param(text.encode(), id=name) for name, text in cases.items()]


FIELD_BY_FIELD = {name: text for name, text in REFUSED.items() if not name.startswith("item-is")}
NO_UTF8 = [pytest.param(with_bytes("worker_id", raw), id=name) for name, raw in NOT_UTF8.items()]


@pytest.mark.parametrize("item", named(REFUSED))
def test_refused_item_leaves_its_batch_alone(hall: Floor, item: bytes) -> None:
    response = hall.send(in_array(item))
    assert_is_answered(response, hall)
    assert [index for index, _ in codes(response)] == [1]
    assert hall.events() == 2


@pytest.mark.parametrize("item", named(FIELD_BY_FIELD))
def test_refused_object_alone_is_4xx(hall: Floor, item: bytes) -> None:
    response = hall.send(item)
    assert_is_answered(response, hall)
    assert (response.status_code >= 400, hall.events()) == (True, 0)


def test_bad_lines_are_refused_one_by_one(hall: Floor) -> None:
    bad = [text.encode() for text in REFUSED.values()]
    response = hall.send(b"\n".join([FIRST, *bad, LAST]), Content_Type=LINES)
    assert_is_answered(response, hall)
    assert [index for index, _ in codes(response)] == list(range(1, len(bad) + 1))
    assert hall.events() == 2


@pytest.mark.parametrize("item", named(TAKEN))
def test_odd_item_is_stored_beside_others(hall: Floor, item: bytes) -> None:
    response = hall.send(in_array(item))
    assert_is_answered(response, hall)
    assert (codes(response), hall.events()) == ([], 3)


@pytest.mark.parametrize("item", named(TAKEN))
def test_odd_line_is_stored_beside_others(hall: Floor, item: bytes) -> None:
    assert_is_answered(hall.send(on_line(item), Content_Type=LINES), hall)
    assert hall.events() == 3


@pytest.mark.parametrize("item", named(TAKEN))
def test_odd_object_alone_is_201(hall: Floor, item: bytes) -> None:
    assert hall.send(item).status_code == 201


@pytest.mark.parametrize("item", named(MALFORMED))
def test_array_with_what_is_no_json_is_400(hall: Floor, item: bytes) -> None:
    response = hall.send(in_array(item))
    assert_is_answered(response, hall)
    assert response.status_code == 400


@pytest.mark.parametrize("item", named(MALFORMED))
def test_object_that_is_no_json_is_400(hall: Floor, item: bytes) -> None:
    response = hall.send(item)
    assert_is_answered(response, hall)
    assert response.status_code == 400


@pytest.mark.parametrize("item", named(MALFORMED))
def test_line_that_is_no_json_is_one_invalid_item(hall: Floor, item: bytes) -> None:
    response = hall.send(on_line(item), Content_Type=LINES)
    assert_is_answered(response, hall)
    assert (codes(response), hall.events()) == ([(1, "invalid")], 2)


@pytest.mark.parametrize("item", NO_UTF8)
def test_item_that_is_not_utf8_is_invalid_alone(hall: Floor, item: bytes) -> None:
    response = hall.send(in_array(item))
    assert_is_answered(response, hall)
    assert (codes(response), hall.events()) == ([(1, "invalid")], 2)


@pytest.mark.parametrize("item", NO_UTF8)
def test_line_that_is_not_utf8_is_invalid_alone(hall: Floor, item: bytes) -> None:
    response = hall.send(on_line(item), Content_Type=LINES)
    assert_is_answered(response, hall)
    assert (codes(response), hall.events()) == ([(1, "invalid")], 2)


@pytest.mark.parametrize("raw", NOT_UTF8.values(), ids=NOT_UTF8)
def test_what_is_not_utf8_in_another_field_is_ignored(hall: Floor, raw: bytes) -> None:
    response = hall.send(in_array(with_bytes("extra", raw)))
    assert_is_answered(response, hall)
    assert hall.events() == 3


@pytest.mark.parametrize("name", BODIES)
def test_strange_request_is_answered(hall: Floor, name: str) -> None:
    raw, headers = BODIES[name]
    assert_is_answered(hall.send(raw, **headers), hall)


@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in ENVELOPES.items()])
def test_strange_envelope_of_a_gateway_is_answered(hall: Floor, raw: bytes) -> None:
    assert_is_answered(hall.send(raw, key=hall.gateway), hall)


# --- what nobody thought of -----------------------------------------------------------------------

DRAWN = settings(
    max_examples=100,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def answer_what_is_drawn(hall: Floor, requests: Account, effort: settings = DRAWN) -> None:
    """A hundred at a time, each hundred by dice of its own."""

    def ask(body: Body) -> None:
        with taken_back():
            assert_is_answered(hall.send(body.raw, **body.headers), hall)
        requests.faults += 1

    while not requests.is_over():
        seed(requests.dice.getrandbits(32))(effort(given(bodies())(ask)))()


@pytest.mark.faults
def test_whatever_is_drawn_is_answered(hall: Floor) -> None:
    requests = account("hostile requests drawn by lot", wanted=HOSTILE_DRAWS)
    answer_what_is_drawn(hall, requests)
    assert requests.faults


whole_judge, whole_keep = store.judge, refusals.keep


def stumbles_over_strangers(*given: Any, **named: Any) -> Any:
    outcome = whole_judge(*given, **named)
    if isinstance(outcome, Refusal) and outcome.code == "unknown_worker":
        raise KeyError(outcome.detail)
    return outcome


def forgets_the_last_that_was_refused(site_id: int, batches: Any) -> None:
    batches = list(batches)
    for _, receipt in batches:
        receipt.refused = dict(list(receipt.refused.items())[:-1])
    whole_keep(site_id, batches)


BUGS = {
    "stumbles_over_strangers": (store, "judge", stumbles_over_strangers),
    "forgets_the_last_that_was_refused": (refusals, "keep", forgets_the_last_that_was_refused),
}


@pytest.mark.faults
@pytest.mark.parametrize("bug", BUGS)
def test_bug_that_was_put_in_is_found(
    hall: Floor, monkeypatch: pytest.MonkeyPatch, bug: str
) -> None:
    monkeypatch.setattr(*BUGS[bug])
    monkeypatch.setattr(hall.client, "raise_request_exception", False)
    first = settings(DRAWN, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        answer_what_is_drawn(hall, Account(bug, wanted=5_000), first)
