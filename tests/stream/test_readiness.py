"""`/readyz` tells whether Kafka can be used."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from common import readiness
from events.stream import readiness as stream
from tests.broker import Broker


@pytest.fixture(autouse=True)
def asking_kafka_alone(topic: str, settings: Settings) -> Iterator[None]:
    settings.READINESS_CHECKS = {"kafka": "events.stream.readiness.broker"}
    readiness._checks.cache_clear()
    stream._client.cache_clear()
    yield
    readiness._checks.cache_clear()
    stream._client.cache_clear()


def said() -> tuple[int, str]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]["kafka"]


def test_broker_with_the_topic_is_ready() -> None:
    assert said() == (200, "ok")


def test_broker_that_is_away_is_told(broker: Broker) -> None:
    with broker.away():
        assert said() == (503, "does not answer")


def test_missing_topic_is_told(settings: Settings) -> None:
    settings.KAFKA_TOPIC = "nobody.made.it"
    assert said() == (503, "has no such topic")
