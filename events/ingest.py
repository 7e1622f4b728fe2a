"""The one way in: HTTP, Kafka, retries and demo data all end here."""

from events import sinks, telemetry
from events.domain.batch import Batch, Receipt
from events.domain.judgement import Sender
from events.domain.wire import Message


def accept(message: Message, *, site_id: int, sender: Sender, received_at: int) -> Receipt:
    """Stores what may be stored, or hands it to Kafka, and answers every item.

    Safe to repeat: the same event is stored once.
    """
    times = [received_at] * len(message.items)
    return _counted(sinks.sink().store(Batch(site_id, sender, message, times, now=received_at)))


def accept_history(
    message: Message, *, site_id: int, sender: Sender, received_at: list[int], now: int
) -> Receipt:
    """As `accept`, for items with instants of receipt of their own (a replayed log, demo data).

    Always stored at once, since who calls it needs the outcomes.
    """
    batch = Batch(site_id, sender, message, received_at, now=now)
    return _counted(sinks.direct_sink().store(batch))


def _counted(receipt: Receipt) -> Receipt:
    telemetry.count(receipt)
    return receipt
