"""Where accepted batches go: into the database, or to Kafka, from where a consumer stores them."""

import os
from datetime import datetime
from functools import lru_cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from events.domain.batch import Batch, Receipt
from events.sinks.busy import BusyError
from events.sinks.direct import DirectSink
from workers.keys import Key

__all__ = ["BusyError", "DirectSink", "Sink", "close", "direct_sink", "sink"]

_KAFKA = "events.sinks.kafka.KafkaSink"  # loaded where it is used: its library takes memory


class Sink(Protocol):
    """What ingest needs. All but `close` raise BusyError."""

    def key_for(self, text: str, *, at: datetime) -> Key | None:
        """Whose key this is, for who sends events; None if it opens nothing."""

    def store(self, batch: Batch) -> Receipt:
        """Returns once the batch can't be lost any more."""

    def close(self) -> None:
        """Ends what works in the background, once it is done; it starts again when needed."""


def sink() -> Sink:
    """The one that settings choose, of this process; a forked child gets one of its own."""
    return direct_sink() if settings.EVENT_SINK == "direct" else _kafka_of(os.getpid())


def direct_sink() -> DirectSink:
    """The one that stores at once."""
    return _direct_of(os.getpid())


def close() -> None:
    """Ends the work of this process's sinks."""
    direct_sink().close()
    if settings.EVENT_SINK == "kafka":
        sink().close()


@lru_cache
def _direct_of(_process: int) -> DirectSink:
    return DirectSink()


@lru_cache
def _kafka_of(_process: int) -> Sink:
    return cast(Sink, import_string(_KAFKA)())
