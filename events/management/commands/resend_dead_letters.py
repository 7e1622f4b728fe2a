"""`manage.py resend_dead_letters`: once their cause is mended, they are stored after all."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from events.sinks import BusyError


class Command(BaseCommand):
    """Its help says it."""

    help = "Sends dead letters back to the topic of events, from where it last ended."

    def handle(self, **_options: Any) -> None:
        """Says how many."""
        if not settings.KAFKA_BOOTSTRAP_SERVERS:
            raise CommandError("KAFKA_BOOTSTRAP_SERVERS says where Kafka is; it is not set.")
        # Here, since its library takes memory that no other command needs.
        from confluent_kafka import KafkaException  # noqa: PLC0415

        from events.stream.resending import resend  # noqa: PLC0415

        try:
            outcomes = resend()
        except (BusyError, KafkaException) as error:
            raise CommandError(f"Kafka: {error}") from error
        words = f"{outcomes['sent']:,} sent back"
        cut = f", {outcomes['cut']:,} passed over since they are cut" if outcomes["cut"] else ""
        self.stdout.write(f"{words}{cut}.")
