"""`manage.py consume_events`: stores what the API and others have sent to Kafka."""

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Its help says it."""

    help = (
        "Stores events from Kafka until SIGTERM or Ctrl-C, and waits while the database or Kafka"
        " is away. Several may run: they share the partitions."
    )

    def handle(self, *, verbosity: int, **_options: Any) -> None:
        """Ends after what is being stored; else with a line that says why."""
        if not settings.KAFKA_BOOTSTRAP_SERVERS:
            raise CommandError("KAFKA_BOOTSTRAP_SERVERS says where Kafka is; it is not set.")
        # Here, since its library takes memory that no other command needs.
        from confluent_kafka import KafkaException  # noqa: PLC0415

        from events.stream.consumer import Consumer, ConsumerError  # noqa: PLC0415

        try:
            consumer = Consumer()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, consumer.stop)
            if verbosity:
                self.stdout.write(f"Storing events from {settings.KAFKA_TOPIC}.")
                self.stdout.flush()
            consumer.run()
        except (ConsumerError, KafkaException) as error:
            raise CommandError(f"Kafka: {error}") from error
