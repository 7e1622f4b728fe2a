"""Consumers as processes: how they begin, end, share, and wait."""

import signal
import time

import pytest

from events.models import Event, RefusedEvent
from events.stream.messages import Outgoing
from tests.demo.processes import Command, is_alive
from tests.stream.plant import Plant, keys_of

pytestmark = pytest.mark.django_db(transaction=True)
V1 = [("v", b"1")]


@pytest.fixture
def consumer(plant: Plant) -> Command:
    """One that has its partition."""
    consumer = plant.consume()
    consumer.wait_until_said("Partitions that are ours from now on: 0")
    return consumer


def test_events_come_from_a_server_into_the_database(plant: Plant, consumer: Command) -> None:
    server = plant.serve()
    batch = plant.batch(1, 0)
    status, answer, _ = plant.post(server, batch)
    assert (status, answer) == (202, {"received": 25, "queued": 25, "refused": []})
    plant.wait_until_through(consumer)
    assert plant.stored() == dict.fromkeys(keys_of(batch), 1)
    assert server.end(signal.SIGTERM) == 0


def test_signal_ends_it_after_what_it_stores(plant: Plant, consumer: Command) -> None:
    for n in range(40):
        plant.produce(plant.batch(1, n))
    assert consumer.end(signal.SIGTERM) == 0
    assert plant.committed() == {0: plant.total("next_offset")}


def test_next_one_goes_on_where_the_last_one_ended(plant: Plant, consumer: Command) -> None:
    plant.produce(plant.batch(1, 0))
    plant.wait_until_through(consumer)
    consumer.end(signal.SIGINT)
    plant.produce(plant.batch(1, 1))
    plant.wait_until_through(plant.consume())
    assert plant.total("stored", "duplicate") == 50
    assert plant.total("duplicate") == 0


def test_poison_oversize_and_strange_messages_end_in_the_dead_letters(
    plant: Plant, consumer: Command
) -> None:
    large = b'{"note": "' + b"x" * 950_000 + b'"}'
    strange = [
        Outgoing(b"F1", b"{", V1),
        Outgoing(b"F1", b"{}", [("v", b"2")]),
        Outgoing(b"F9", b'{"event_type": "idle"}', V1),
        Outgoing(b"F1", large, V1),
    ]
    plant.broker.produce(plant.topic, *strange)
    plant.produce(plant.batch(1, 0))
    plant.wait_until_through(consumer)
    consumer.wait_until(lambda: len(plant.dead_letters()) == len(strange))
    letters = plant.dead_letters()
    assert [(letter.key, letter.value) for letter in letters[:3]] == [
        (sent.key, sent.value) for sent in strange[:3]
    ]
    assert [dict(letter.headers)["dead_offset"] for letter in letters] == [b"0", b"1", b"2", b"3"]
    assert Event.objects.count() == 25
    assert RefusedEvent.objects.count() == 3


def test_two_share_the_partitions(plant: Plant, consumer: Command) -> None:
    other = plant.consume()
    plant.produce(plant.batch(1, 0))
    plant.wait_until_through(consumer)
    assert other.end(signal.SIGTERM) == 0
    assert is_alive(consumer.process.pid)


def test_topic_made_anew_is_read_from_its_begin(plant: Plant, consumer: Command) -> None:
    plant.produce(plant.batch(1, 0), [{"a": 1}])
    plant.wait_until_through(consumer)
    consumer.end(signal.SIGTERM)
    plant.broker.remove(plant.topic)
    plant.broker.create_topic(plant.topic)
    plant.produce(plant.batch(1, 1), [{"a": 2}])
    anew = plant.consume()
    anew.wait_until(lambda: plant.refused() == 2)
    assert Event.objects.count() == 50


def test_broker_that_goes_and_comes_back_is_taken_up_again(plant: Plant, consumer: Command) -> None:
    with plant.broker.away():
        time.sleep(3)  # longer than its session: the group has forgotten it
    plant.produce(plant.batch(1, 0))
    plant.wait_until_through(consumer)
    assert plant.stored() == dict.fromkeys(keys_of(plant.batch(1, 0)), 1)


def test_signal_ends_it_also_while_the_broker_is_away(plant: Plant, consumer: Command) -> None:
    with plant.broker.away():
        assert consumer.end(signal.SIGTERM) == 0


def test_nowhere_to_consume_from_is_one_clear_line(plant: Plant) -> None:
    command = plant.run("consume_events", KAFKA_BOOTSTRAP_SERVERS="", EVENT_SINK="direct")
    assert command.process.wait(60) == 1
    assert command.says().count("\n") == 1
    assert "KAFKA_BOOTSTRAP_SERVERS" in command.says()


def test_option_that_the_library_does_not_know_is_one_clear_line(plant: Plant) -> None:
    command = plant.run("consume_events", KAFKA_OPTIONS="no.such.property=1")
    assert command.process.wait(60) == 1
    assert "no.such.property" in command.says()
    assert "Traceback" not in command.says()
