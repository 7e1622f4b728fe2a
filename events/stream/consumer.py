"""Takes messages from Kafka and has them stored; one of a group, which share the partitions."""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import KafkaError, KafkaException, Message, TopicPartition
from django.conf import settings
from django.db import close_old_connections

from common import clock
from common.instants import to_ms
from events.sinks.busy import BusyError
from events.stream.dead_letters import DeadLetters
from events.stream.messages import Delivered
from events.stream.options import for_consuming, group_of
from events.stream.storing import PASSING, Moment, store_messages

MAX_MESSAGES = 5_000  # in one transaction
GATHERING_S = 0.2  # for a transaction to fill, while messages keep coming
NEXT_S = 0.02  # none comes within: what is there is stored at once
IDLE_S = 0.5  # how long a signal may wait
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0  # between tries, while the database is away

log = logging.getLogger(__name__)


class ConsumerError(Exception):
    """Nothing that waiting would mend."""


class Consumer:
    """Offsets are committed once their messages are stored."""

    def __init__(self) -> None:
        self._topic = settings.KAFKA_TOPIC
        self._stopping = threading.Event()
        self._pending: list[Delivered] = []  # fetched, and not stored yet
        self._stored: dict[int, int] = {}  # the next offset, by partition that is ours
        self._dead_letters = DeadLetters()
        notes = {"error_cb": _note_error, "on_commit": _note_commit}
        self._kafka = KafkaConsumer(for_consuming(group_of(self._topic)) | notes, logger=log)

    def stop(self, *_: object) -> None:
        """What is being stored is finished first. Fit for a signal."""
        self._stopping.set()

    def run(self) -> None:
        """Until `stop`. Raises ConsumerError."""
        self._kafka.subscribe(
            [self._topic],
            on_assign=self._note_assigned,
            on_revoke=self._note_revoked,
            on_lost=self._note_lost,
        )
        try:
            while not self._stopping.is_set():
                self._gather()
                self._store_pending()
        finally:
            self._kafka.close()  # revokes what is ours, and so commits
            self._dead_letters.close()

    def _gather(self) -> None:
        """As much as goes into a transaction, or is there."""
        self._fetch(1, IDLE_S)
        before, until = 0, time.monotonic() + GATHERING_S
        while before < len(self._pending) < MAX_MESSAGES and time.monotonic() < until:
            before = len(self._pending)
            self._fetch(MAX_MESSAGES - before, NEXT_S)

    def _fetch(self, most: int, patience_s: float) -> None:
        self._pending += _delivered(self._kafka.consume(most, patience_s))

    def _store_pending(self) -> None:
        """Waits as long as it takes, unless all is to stop: then they stay where they are."""
        pause_s = 0.0
        while self._pending:
            try:
                letters = store_messages(self._pending, self._moment())
                self._dead_letters.send(self._topic, letters)
            except (*PASSING, BusyError) as error:
                close_old_connections()
                if self._stopping.is_set():
                    self._pending.clear()
                    return
                pause_s = self._wait(error, pause_s)
            else:
                self._commit()
                self._go_on(pause_s)
                return

    def _moment(self) -> Moment:
        ends = {}
        for partition in {message.partition for message in self._pending}:
            where = TopicPartition(self._topic, partition)
            ends[partition] = self._kafka.get_watermark_offsets(where, cached=True)[1]
        return Moment(ends, to_ms(clock.now()))

    def _wait(self, error: Exception, pause_s: float) -> float:
        """Stays in the group meanwhile. What comes all the same, of a new partition, joins."""
        if not pause_s:
            log.warning("Nothing can be stored for now; the consumer tries again. %s", error)
        pause_s = min(LONGEST_PAUSE_S, pause_s * 2) or FIRST_PAUSE_S
        self._kafka.pause(self._kafka.assignment())
        self._fetch(MAX_MESSAGES, pause_s)
        return pause_s

    def _go_on(self, pause_s: float) -> None:
        if pause_s:
            log.info("The consumer stores again.")
            self._kafka.resume(self._kafka.assignment())

    def _commit(self) -> None:
        for message in self._pending:
            self._stored[message.partition] = message.offset + 1
        self._pending.clear()
        self._kafka.commit(offsets=self._offsets(self._stored), asynchronous=True)

    def _offsets(self, partitions: Iterable[int]) -> list[TopicPartition]:
        stored = self._stored
        return [TopicPartition(self._topic, p, stored[p]) for p in partitions if p in stored]

    def _note_assigned(self, _: KafkaConsumer, partitions: list[TopicPartition]) -> None:
        log.info("Partitions that are ours from now on: %s", _numbers(partitions))

    def _note_revoked(self, kafka: KafkaConsumer, partitions: list[TopicPartition]) -> None:
        """Another goes on where our last transaction ended."""
        log.info("Partitions that another takes over: %s", _numbers(partitions))
        offsets = self._offsets(each.partition for each in partitions)
        if offsets:
            try:
                kafka.commit(offsets=offsets, asynchronous=False)
            except KafkaException as error:  # they come once more, which is harmless
                log.warning("Offsets could not be committed. %s", error)
        self._forget(partitions)

    def _note_lost(self, _: KafkaConsumer, partitions: list[TopicPartition]) -> None:
        log.warning("Partitions that are another's by now: %s", _numbers(partitions))
        self._forget(partitions)

    def _forget(self, partitions: list[TopicPartition]) -> None:
        gone = {each.partition for each in partitions}
        self._pending = [each for each in self._pending if each.partition not in gone]
        for partition in gone:
            self._stored.pop(partition, None)


def _delivered(messages: Sequence[Message]) -> list[Delivered]:
    found = []
    for message in messages:
        error = message.error()
        if error is not None:
            _note_error(error)
            continue
        partition, offset = message.partition() or 0, message.offset() or 0
        at, key, value = message.timestamp()[1], message.key(), message.value()
        headers: Any = message.headers()  # a list, if any, whatever the library's types say
        found.append(Delivered(partition, offset, at, key, value, headers))
    return found


_FATAL = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError._AUTHENTICATION,
}


def _note_error(error: KafkaError) -> None:
    """The library tries again by itself, unless that can't help."""
    if error.fatal() or error.code() in _FATAL:
        raise ConsumerError(error.str())
    log.warning("Kafka: %s", error.str())


def _note_commit(error: KafkaError | None, _: list[TopicPartition]) -> None:
    if error is not None:  # what is not committed comes once more, which is harmless
        log.warning("Offsets could not be committed. %s", error.str())


def _numbers(partitions: list[TopicPartition]) -> str:
    return ", ".join(str(each.partition) for each in partitions) or "none"
