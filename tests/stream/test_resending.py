"""Dead letters go back once their cause is mended."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from events.models import Event
from events.stream.dead_letters import DeadLetters
from events.stream.messages import Outgoing
from tests.broker import Broker
from tests.floor import Floor, event
from tests.stream.reading import store_all
from tests.stream.test_storing import wrapped

pytestmark = pytest.mark.django_db
TOO_LARGE = Outgoing(b"F2", b'{"note": "' + b"x" * 950_000 + b'"}', [("v", b"1")])


def told(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def buried(floor: Floor, broker: Broker, topic: str) -> str:
    """Two events and something too large, of a site that is not there yet."""
    sent = wrapped(event("08:00"), event("08:01"), site="F2")
    broker.produce(topic, *sent, TOO_LARGE)
    letters = DeadLetters()
    letters.send(topic, store_all(broker, topic))
    letters.close()
    return topic


def test_letters_of_a_site_that_is_there_by_now_are_stored(buried: str, broker: Broker) -> None:
    other = Floor("F2")
    assert told("resend_dead_letters") == "3 sent back."
    store_all(broker, buried)
    assert other.events() == 2


def test_letter_goes_back_as_it_was(buried: str, broker: Broker) -> None:
    told("resend_dead_letters")
    messages = broker.messages(buried)
    sent = [(each.key, each.value, each.headers) for each in messages]
    assert sent[3:] == sent[:3]


def test_each_letter_goes_back_once(buried: str) -> None:
    told("resend_dead_letters")
    assert told("resend_dead_letters") == "0 sent back."


def test_without_kafka_it_says_so(settings: Settings) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = ""
    with pytest.raises(CommandError, match="KAFKA_BOOTSTRAP_SERVERS"):
        told("resend_dead_letters")


def test_nothing_was_stored_before(buried: str) -> None:
    assert Event.objects.count() == 0
