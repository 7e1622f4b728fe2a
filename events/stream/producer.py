"""Sends messages to Kafka, and returns once the broker has acknowledged them all."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from confluent_kafka import KafkaError, KafkaException, Message
from confluent_kafka import Producer as KafkaProducer

from events.sinks.busy import BusyError
from events.stream.messages import Outgoing
from events.stream.options import DELIVERY_S, for_producing

POLL_S = 0.1
_AWAY = "The broker is away or busy; send it again."
_TOO_LARGE = KafkaError.MSG_SIZE_TOO_LARGE

log = logging.getLogger(__name__)


class Producer:
    """One connection to the brokers, for all threads of a process."""

    def __init__(self) -> None:
        self.ends: dict[int, int] = {}  # of the partitions of the topic last sent to
        self.is_broken = False
        self._is_away = self._is_closed = False
        self._trying = threading.Lock()
        options = for_producing() | {"error_cb": self._note_error}
        self._kafka = KafkaProducer(options, logger=log)
        self._poller = threading.Thread(target=self._poll, name="kafka-acks", daemon=True)
        self._poller.start()

    def send(self, topic: str, messages: Sequence[Outgoing]) -> list[int]:
        """Indexes of those that are too large for the broker; all others are there.

        Raises BusyError: then any of them may be there or not, and sending again is harmless.
        """
        with self._turn():
            waiting = _Waiting(len(messages))
            self._hand_over(topic, messages, waiting)
            errors = waiting.errors(DELIVERY_S + 1)
        too_large = [index for index, error in errors.items() if error.code() == _TOO_LARGE]
        if len(too_large) < len(errors):
            self._note_away(next(e for e in errors.values() if e.code() != _TOO_LARGE))
            raise BusyError(_AWAY)
        self._note_back()
        return too_large

    def close(self) -> None:
        """Waits for what is under way."""
        self._kafka.flush(DELIVERY_S)
        self._is_closed = True
        self._poller.join()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """While the broker is away, one caller at a time tries; the others need not wait."""
        if not self._is_away:
            yield
            return
        if not self._trying.acquire(blocking=False):
            raise BusyError(_AWAY)
        try:
            yield
        finally:
            self._trying.release()

    def _hand_over(self, topic: str, messages: Sequence[Outgoing], waiting: "_Waiting") -> None:
        produce = self._kafka.produce
        for index, (key, value, headers) in enumerate(messages):
            settle = partial(self._settle, waiting, index)
            try:
                produce(topic, value, key, headers=headers, on_delivery=settle)
            except BufferError as error:
                raise BusyError("Too much waits for the broker; send it again.") from error
            except KafkaException as error:
                waiting.settle(index, error.args[0])

    def _settle(
        self, waiting: "_Waiting", index: int, error: KafkaError | None, message: Message
    ) -> None:
        """By the polling thread, once for each message."""
        if error is None:
            partition, offset = message.partition(), message.offset()
            if partition is not None and offset is not None:
                self.ends[partition] = offset + 1
        waiting.settle(index, error)

    def _poll(self) -> None:
        while not self._is_closed:
            self._kafka.poll(POLL_S)

    def _note_error(self, error: KafkaError) -> None:
        if error.fatal():
            log.error("Kafka's producer can't go on and is made anew. %s", error)
            self.is_broken = True

    def _note_away(self, error: KafkaError) -> None:
        if not self._is_away:
            log.warning("Kafka does not acknowledge; senders are asked to come back. %s", error)
        self._is_away = True

    def _note_back(self) -> None:
        if self._is_away:
            log.info("Kafka acknowledges again.")
        self._is_away = False


class _Waiting:
    """The messages of one caller, until the broker has answered for each."""

    def __init__(self, messages: int) -> None:
        self._left = messages
        self._lock = threading.Lock()
        self._errors: dict[int, KafkaError] = {}
        self._done = threading.Event()

    def settle(self, index: int, error: KafkaError | None) -> None:
        with self._lock:
            if error is not None:
                self._errors[index] = error
            self._left -= 1
            if not self._left:
                self._done.set()

    def errors(self, patience_s: float) -> dict[int, KafkaError]:
        """By index; one more where an answer is still out."""
        if self._left and not self._done.wait(patience_s):
            return {-1: KafkaError(KafkaError._MSG_TIMED_OUT)}
        return self._errors
