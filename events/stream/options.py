"""How librdkafka is set up: by what our promises rest on, and by the operator's options."""

from django.conf import settings

DELIVERY_S = 5  # for the broker's acknowledgement; then the sender is asked to come back
LINGER_MS = 2  # what is sent within it shares a trip to the broker

Options = dict[str, str | int | bool]

# What the operator may set that is none of a producer's business.
_CONSUMERS_OWN = (
    "session.",
    "heartbeat.",
    "max.poll.",
    "fetch.",
    "queued.",
    "group.",
    "isolation.",
)
# And what is everybody's: how to reach the brokers.
_EVERYBODYS = ("security.", "sasl.", "ssl.", "socket.", "broker.", "client.", "metadata.")


def for_producing() -> Options:
    """A message counts as sent once all replicas in sync have it, and is there once."""
    given = settings.KAFKA_OPTIONS.items()
    own: Options = {
        "acks": "all",
        "enable.idempotence": True,
        "linger.ms": LINGER_MS,
        "delivery.timeout.ms": DELIVERY_S * 1_000,
        "queue.buffering.max.kbytes": 65_536,
        "compression.type": "lz4",
        "partitioner": "murmur2_random",  # Java's: a site is in one partition, whoever sends for it
    }
    theirs = {name: value for name, value in given if not name.startswith(_CONSUMERS_OWN)}
    return _common() | own | theirs


def group_of(topic: str, purpose: str = "store") -> str:
    """Who shares a topic's partitions; two installations in one cluster share nothing."""
    return f"factory-{purpose}.{topic}"


def for_consuming(group: str) -> Options:
    """Nothing is committed but by us; members come and go without all the others stopping."""
    return (
        _common()
        | {
            "group.id": group,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "partition.assignment.strategy": "cooperative-sticky",
            "queued.max.messages.kbytes": 32_768,
            "topic.metadata.refresh.interval.ms": 30_000,
        }
        | settings.KAFKA_OPTIONS
    )


def for_asking() -> Options:
    """For who neither sends nor takes anything."""
    given = settings.KAFKA_OPTIONS.items()
    return _common() | {name: value for name, value in given if name.startswith(_EVERYBODYS)}


def dead_topic() -> str:
    """Where messages go that can't be stored."""
    return f"{settings.KAFKA_TOPIC}.dead"


def _common() -> Options:
    return {"bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS, "client.id": "factory"}
