"""What goes into the store and what comes back.

A batch of items of one site, and a receipt that answers each of them.
"""

from dataclasses import dataclass, field

from events.domain.judgement import Refusal, Sender
from events.domain.wire import Message


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one message.

    `received_at` has one instant per item; `now` is what their times are checked against, None
    each item's own. What `came_before` was stored then, refusals too; it is looked at again.
    """

    site_id: int
    sender: Sender
    message: Message
    received_at: list[int]
    now: int | None
    came_before: bool = False

    def now_of(self, index: int) -> int:
        """What an item's time is checked against."""
        return self.received_at[index] if self.now is None else self.now

    @property
    def newest_at(self) -> int:
        """When its last item came."""
        return max(self.received_at, default=self.now or 0)

    @property
    def camera_code(self) -> str | None:
        """The code of the camera that the message as a whole speaks for."""
        return self.sender.default_code or self.sender.camera_code


@dataclass(slots=True)
class Receipt:
    """received = accepted + duplicate + queued + refused.

    `refused` maps the item's index to its reason; `queued` is None where nothing waits in a queue.
    """

    received: int
    accepted: int = 0
    duplicate: int = 0
    queued: int | None = None
    refused: dict[int, Refusal] = field(default_factory=dict)
