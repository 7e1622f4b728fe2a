"""What senders are answered when Kafka stands in front of the store, and what is stored then."""

import pytest

from events.models import Event, RefusedEvent
from tests.demo.processes import Command
from tests.floor import event
from tests.stream.plant import Plant, keys_of
from workers.models import Camera

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(plant: Plant) -> Command:
    return plant.serve()


def test_batch_is_queued_and_then_stored(plant: Plant, server: Command) -> None:
    batch = plant.batch(1, 0)
    status, answer, _ = plant.post(server, batch)
    assert (status, answer) == (202, {"received": 25, "queued": 25, "refused": []})
    plant.wait_until_through(plant.consume())
    assert plant.stored() == dict.fromkeys(keys_of(batch), 1)
