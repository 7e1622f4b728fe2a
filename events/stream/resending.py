"""Sends dead letters back to where they came from, once the cause is mended."""

from collections import Counter
from typing import Any

from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import KafkaError, KafkaException, Message, TopicPartition
from django.conf import settings

from events.stream.dead_letters import MARK
from events.stream.messages import Headers, Outgoing
from events.stream.options import dead_topic, for_consuming, group_of
from events.stream.producer import Producer

PATIENCE_S = 30
AT_ONCE = 500


def resend() -> Counter[str]:
    """How many were `sent`, and `cut`: not whole, and so left where they are.

    From where the last call ended to the end. Safe to repeat. Raises BusyError or KafkaException.
    """
    options = for_consuming(group_of(settings.KAFKA_TOPIC, "resend"))
    reader, producer = KafkaConsumer(options | _TO_THE_END), Producer()
    outcomes: Counter[str] = Counter()
    try:
        left = _assign(reader)
        while left:
            messages = reader.consume(AT_ONCE, PATIENCE_S / 100)
            letters = [each for each in messages if not _is_end(each, left)]
            whole = [each for each in letters if not _is_cut(each)]
            producer.send(settings.KAFKA_TOPIC, [_as_it_was(each) for each in whole])
            outcomes.update(sent=len(whole), cut=len(letters) - len(whole))
            if letters:
                reader.commit(offsets=_behind(letters), asynchronous=False)
    finally:
        producer.close()
        reader.close()
    return outcomes


_TO_THE_END = {"enable.partition.eof": True}


def _assign(reader: KafkaConsumer) -> set[int]:
    """The partitions, from where the last call ended."""
    topics = reader.list_topics(dead_topic(), PATIENCE_S).topics
    known = topics[dead_topic()]
    if known.error is not None:
        raise KafkaException(known.error)
    places = [TopicPartition(dead_topic(), partition) for partition in known.partitions]
    reader.assign(reader.committed(places, PATIENCE_S))
    return set(known.partitions)


def _is_end(message: Message, left: set[int]) -> bool:
    """Whether this is no letter; a partition's end takes it from those that are left."""
    error = message.error()
    if error is None:
        return False
    if error.code() != KafkaError._PARTITION_EOF:
        raise KafkaException(error)
    left.discard(message.partition() or 0)
    return True


def _is_cut(message: Message) -> bool:
    return any(name == f"{MARK}cut" for name, _ in _headers(message))


def _as_it_was(message: Message) -> Outgoing:
    headers = [pair for pair in _headers(message) if not pair[0].startswith(MARK)]
    return Outgoing(_raw(message.key()), _raw(message.value()), headers)


def _headers(message: Message) -> Headers:
    headers: Any = message.headers()  # a list, if any, whatever the library's types say
    return headers or []


def _raw(given: str | bytes | None) -> bytes:
    return given.encode() if isinstance(given, str) else given or b""


def _behind(messages: list[Message]) -> list[TopicPartition]:
    """The offsets that follow the last of each partition."""
    ends = {each.partition() or 0: (each.offset() or 0) + 1 for each in messages}
    return [TopicPartition(dead_topic(), partition, end) for partition, end in ends.items()]
