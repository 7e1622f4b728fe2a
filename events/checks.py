"""System checks for the way through Kafka."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility)
def check_kafka_options(**_kwargs: Any) -> list[CheckMessage]:
    """What the library makes of the options; no broker is asked."""
    if settings.EVENT_SINK != "kafka":
        return []
    # Here, since its library takes memory that no other server needs.
    from confluent_kafka import KafkaException, Producer  # noqa: PLC0415

    from events.stream.options import for_producing  # noqa: PLC0415

    try:
        Producer(for_producing())
    except KafkaException as error:
        return [Error(f"KAFKA_OPTIONS: {error.args[0].str()}", id="events.E001")]
    return []
