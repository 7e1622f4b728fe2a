"""What a consumer makes of a topic: the very messages, taken from the broker and stored here."""

from collections.abc import Sequence

from common import clock
from common.instants import to_ms
from events.stream.messages import Delivered
from events.stream.storing import Letter, Moment, store_messages
from tests.broker import Broker


def store_all(broker: Broker, topic: str) -> list[Letter]:
    """As one that begins at the begin."""
    return store_these(broker.messages(topic))


def store_these(messages: Sequence[Delivered]) -> list[Letter]:
    ends = {message.partition: message.offset + 1 for message in messages}
    return store_messages(messages, Moment(ends, to_ms(clock.now())))
