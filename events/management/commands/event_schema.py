"""`manage.py event_schema`: the schema of Kafka's messages, for those who produce directly."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from events.stream.schema import message_schema


class Command(BaseCommand):
    """Its help says it."""

    help = "Prints the JSON Schema of messages in Kafka's topic (docs/kafka/event.schema.json)."
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        """As it is kept in docs."""
        self.stdout.write(json.dumps(message_schema(), indent=2))
