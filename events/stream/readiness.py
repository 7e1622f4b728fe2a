"""Whether Kafka can be used: a check of `/readyz`."""

import logging
import os
from functools import lru_cache

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from django.conf import settings

from common.readiness import NotReadyError
from events.stream.options import for_asking

ANSWER_S = 1.5  # less than a probe waits

log = logging.getLogger(__name__)


def broker() -> None:
    """A broker answers, and knows the topic. Raises NotReadyError."""
    try:  # asked for by its name, some brokers would make the topic
        topics = _client(os.getpid()).list_topics(timeout=ANSWER_S).topics
    except KafkaException as error:
        log.warning("Kafka does not answer: %s", error)
        raise NotReadyError("does not answer") from error
    if settings.KAFKA_TOPIC not in topics:
        raise NotReadyError("has no such topic")


@lru_cache
def _client(_process: int) -> AdminClient:
    return AdminClient({**for_asking()}, logger=log)
