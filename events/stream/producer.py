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
_FULL = "Too much waits for the broker; send it again."
_TOO_LARGE = KafkaError.MSG_SIZE_TOO_LARGE

log = logging.getLogger(__name__)


class Producer:
    """For all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: _Line | None = None
        self._is_away = False
        self._trying = threading.Lock()

    @property
    def ends(self) -> dict[int, int]:
        """Where the next message will be, by partition of the topic that was last sent to."""
        line = self._line
        return dict(line.ends) if line else {}

    def send(self, topic: str, messages: Sequence[Outgoing]) -> list[int]:
        """Indexes of those that are too large for the broker; all others are there.

        Raises BusyError: then any of them may be there or not, and sending again is harmless.
        """
        if not messages:
            return []
        with self._turn():
            line = self._opened()
            errors = line.send(topic, messages)
        others = [error for error in errors.values() if error.code() != _TOO_LARGE]
        if others:
            self._note_away(line, others[0])
            raise BusyError(_AWAY)
        self._note_back()
        return list(errors)

    def close(self) -> None:
        """Waits for what is under way. It opens again with the next message."""
        with self._lock:
            if self._line is not None:
                self._line.close()
            self._line = None

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

    def _opened(self) -> "_Line":
        with self._lock:
            if self._line is None:
                self._line = _Line()
            return self._line

    def _note_away(self, line: "_Line", error: KafkaError) -> None:
        """A new line begins with a clear count; some brokers never take to the old one again."""
        with self._lock:
            if self._line is line:
                self._line = None
                line.abandon()
        if not self._is_away:
            log.warning("Kafka does not acknowledge; senders are asked to come back. %s", error)
        self._is_away = True

    def _note_back(self) -> None:
        if self._is_away:
            log.info("Kafka acknowledges again.")
        self._is_away = False


class _Line:
    """The library's producer, and the thread that hears from it."""

    def __init__(self) -> None:
        self.ends: dict[int, int] = {}
        self._is_over = False
        self._kafka = KafkaProducer(for_producing(), logger=log)
        self._poller = threading.Thread(target=self._poll, name="kafka-acks", daemon=True)
        self._poller.start()

    def send(self, topic: str, messages: Sequence[Outgoing]) -> dict[int, KafkaError]:
        """What went wrong, by index."""
        waiting = _Waiting(len(messages))
        produce = self._kafka.produce
        for index, (key, value, headers) in enumerate(messages):
            settle = partial(self._settle, waiting, index)
            try:
                produce(topic, value, key, headers=headers, on_delivery=settle)
            except BufferError as error:
                raise BusyError(_FULL) from error
            except KafkaException as error:
                waiting.settle(index, error.args[0])
        return waiting.errors(DELIVERY_S + 1)

    def close(self) -> None:
        """Waits for what is under way."""
        self._kafka.flush(DELIVERY_S)
        self._is_over = True
        self._poller.join()

    def abandon(self) -> None:
        """What is under way is given up; who waits for it is told."""
        self._kafka.purge()
        self._is_over = True

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
        while not self._is_over:
            self._kafka.poll(POLL_S)
        self._kafka.poll(0)


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
        if not self._done.wait(patience_s):
            return {-1: KafkaError(KafkaError._MSG_TIMED_OUT)}
        return self._errors
