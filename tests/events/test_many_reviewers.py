"""Four reviewers speak of the same events while cameras send more: nothing gets out of step."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import pytest
from django.db import connections
from rest_framework.test import APIClient

from common import clock
from common.instants import to_ms
from events import verdicts
from events.domain.verdict import Word
from events.models import Event, Verdict
from events.sinks import DirectSink
from tests.floor import Floor, Json, event
from workers.models import Role, User

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("rosa", "kim", "otto", "vera")
ROUNDS = 12
WORDS = (
    Word("confirmed"),
    Word("rejected"),
    Word("unclear"),
    Word("relabelled", event_type="absent"),
    Word("relabelled", worker_id="W2"),
    None,  # takes back what was said
)


@pytest.fixture
def argued(floor: Floor, writer: DirectSink) -> Floor:
    floor.put(*(event(f"08:{n:02}", f"W{n % 2 + 1}", kind="idle") for n in range(0, 60, 2)))
    late = [[event(f"08:{n:02}", f"W{n % 2 + 1}")] for n in range(1, 60, 2)]
    for name in NAMES:
        floor.add_member(name, Role.REVIEWER)
    with ThreadPoolExecutor(len(NAMES) + 1) as pool:
        done = [pool.submit(argue, name, seed) for seed, name in enumerate(NAMES)]
        done.append(pool.submit(send_all, floor.key, late))
        for each in done:
            each.result()
    writer.close()
    return floor


def argue(name: str, seed: int) -> None:
    dice, reviewer = random.Random(seed), User.objects.get(username=name)
    events = list(Event.objects.filter(event_type="idle").order_by("pk"))
    try:
        for _ in range(ROUNDS):
            some, word, now_ms = dice.sample(events, 5), dice.choice(WORDS), to_ms(clock.now())
            if word is None:
                verdicts.undo_many(some, reviewer=reviewer, now_ms=now_ms)
            else:
                verdicts.give_many(some, reviewer=reviewer, word=word, now_ms=now_ms)
    finally:
        connections.close_all()


def send_all(key: str, batches: list[list[Json]]) -> None:
    client = APIClient(headers={"Authorization": f"Bearer {key}"})
    try:
        for batch in batches:
            assert client.post("/api/v1/events/", batch, format="json").status_code == 200
    finally:
        connections.close_all()


def test_sums_follow_from_the_events_that_count(argued: Floor) -> None:
    assert argued.difference() is None


def test_the_newest_word_that_stands_is_in_force(argued: Floor) -> None:
    standing = Verdict.objects.filter(undone_at=None, replaced_at=None).order_by("event", "pk")
    for _, said in groupby(standing, key=lambda verdict: verdict.event_id):
        mine = list(said)
        decisive = [verdict.pk for verdict in mine if verdict.verdict != "unclear"]
        assert [verdict.pk for verdict in mine if verdict.in_force] == decisive[-1:]


def test_each_reviewer_has_one_word_on_an_event(argued: Floor) -> None:
    standing = Verdict.objects.filter(undone_at=None, replaced_at=None)
    pairs = list(standing.values_list("event", "reviewer"))
    assert len(pairs) == len(set(pairs)) > 0


def test_nothing_that_ended_is_in_force(argued: Floor) -> None:
    ended = Verdict.objects.exclude(undone_at=None, replaced_at=None)
    assert ended.exists()
    assert not ended.filter(in_force=True).exists()
