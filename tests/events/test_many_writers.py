"""Eight threads post overlapping batches at once: nothing is lost, nothing is stored twice."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import StringIO
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connections
from rest_framework.response import Response
from rest_framework.test import APIClient

from events.models import Event
from events.sinks import DirectSink
from tests.events import overlapping
from tests.floor import DAY, Floor, Json

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
LOG = overlapping.log(DAY.replace(hour=8))


class Storm(NamedTuple):
    """What the threads were told, and what is there now."""

    floor: Floor
    answers: list[Response]
    sent: int

    def total(self, word: str) -> int:
        return sum(answer.json()[word] for answer in self.answers)


def post_all(key: str, batches: Iterable[list[Json]]) -> list[Response]:
    client = APIClient(headers={"Authorization": f"Bearer {key}"})
    try:
        return [client.post("/api/v1/events/", batch, format="json") for batch in batches]
    finally:
        connections.close_all()


@pytest.fixture
def storm(floor: Floor, writer: DirectSink) -> Storm:
    work = overlapping.shares(LOG, among=THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        done = pool.map(post_all, [floor.key] * THREADS, work)
        answers = [answer for thread in done for answer in thread]
    writer.close()
    return Storm(floor, answers, sent=sum(len(batch) for thread in work for batch in thread))


def test_every_answer_is_200(storm: Storm) -> None:
    assert {answer.status_code for answer in storm.answers} == {200}


def test_nothing_is_lost_and_nothing_is_stored_twice(storm: Storm) -> None:
    stored = Event.objects.filter(site=storm.floor.site)
    rows = stored.values_list("occurred_at", "worker__code", "event_type", "count")
    assert sorted(rows) == sorted(_row(item) for item in LOG)


def test_each_event_was_accepted_once(storm: Storm) -> None:
    assert storm.total("accepted") == len(LOG)


def test_all_others_were_duplicates(storm: Storm) -> None:
    assert storm.total("duplicate") == storm.sent - len(LOG)


def test_sums_follow_from_the_events(storm: Storm) -> None:
    call_command("verify", stdout=StringIO())


def _row(item: Json) -> tuple:
    units = item["count"] if item["event_type"] == "product_count" else 0
    return (datetime.fromisoformat(item["timestamp"]), item["worker_id"], item["event_type"], units)
