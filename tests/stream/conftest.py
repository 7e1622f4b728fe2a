"""A factory behind Kafka."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from events import sinks
from tests.broker import Broker
from tests.floor import Floor
from tests.stream.plant import Plant

# Only a server can be away; how consumers get on with each other and the broker is alike on both.
ON_POSTGRES, ON_SQLITE = ["test_database_away.py"], ["test_consumer.py"]
collect_ignore = ON_POSTGRES if connection.vendor == "sqlite" else ON_SQLITE


@pytest.fixture
def topic(broker: Broker, settings: Settings) -> Iterator[str]:
    """Where this process sends what it is posted."""
    settings.EVENT_SINK = "kafka"
    settings.KAFKA_BOOTSTRAP_SERVERS = broker.address
    settings.KAFKA_OPTIONS = {"delivery.timeout.ms": "1500"}  # nobody waits long for one away
    settings.KAFKA_TOPIC = broker.new_topic()
    yield settings.KAFKA_TOPIC
    sinks.close()


@pytest.fixture
def front(transactional_db: None, topic: str) -> Floor:
    """A factory behind Kafka, in this process; its rows are there for all threads."""
    return Floor()


@pytest.fixture
def plant(
    transactional_db: None, broker: Broker, tmp_path: Path, settings: Settings
) -> Iterator[Plant]:
    """In one partition, with nothing running yet."""
    with Plant(broker, tmp_path) as plant:
        settings.KAFKA_TOPIC = plant.topic
        yield plant
