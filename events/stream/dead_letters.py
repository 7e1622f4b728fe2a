"""Messages that can't be stored go to a topic of their own, with the reason in their headers."""

from collections.abc import Sequence

from events.stream.messages import KEPT_BYTES, Outgoing
from events.stream.options import dead_topic
from events.stream.producer import Producer
from events.stream.storing import Letter

MARK = "dead_"  # of the headers that are added


class DeadLetters:
    """The way there."""

    def __init__(self) -> None:
        self._producer: Producer | None = None

    def send(self, topic: str, letters: Sequence[Letter]) -> None:
        """Returns once the broker has them. Raises BusyError. Sent again, they are there twice."""
        if not letters:
            return
        if self._producer is None or self._producer.is_broken:
            self._producer = Producer()
        wrapped = [_wrapped(topic, letter) for letter in letters]
        too_large = self._producer.send(dead_topic(), wrapped)
        self._producer.send(dead_topic(), [_cut(wrapped[index]) for index in too_large])

    def close(self) -> None:
        """Waits for what is under way."""
        if self._producer is not None:
            self._producer.close()


def _wrapped(topic: str, letter: Letter) -> Outgoing:
    """The message as it was, with where it was and why it went."""
    message, reason = letter
    own = {
        "reason": reason,
        "topic": topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
    }
    added = [(MARK + name, text.encode()) for name, text in own.items()]
    return Outgoing(message.key or b"", message.value or b"", [*(message.headers or ()), *added])


def _cut(message: Outgoing) -> Outgoing:
    cut = (f"{MARK}cut", str(len(message.value)).encode())
    return message._replace(value=message.value[:KEPT_BYTES], headers=[*message.headers, cut])
