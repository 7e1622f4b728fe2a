"""A factory behind Kafka."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.broker import Broker
from tests.stream.plant import Plant


@pytest.fixture
def plant(
    transactional_db: None, broker: Broker, tmp_path: Path, settings: Settings
) -> Iterator[Plant]:
    """In one partition, with nothing running yet."""
    with Plant(broker, tmp_path) as plant:
        settings.KAFKA_TOPIC = plant.topic
        yield plant
