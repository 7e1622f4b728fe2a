"""What goes into the store and what comes back.

A batch of items of one site, and a receipt that answers each of them.
"""

from dataclasses import dataclass, field

from events.domain.judgement import Refusal, Sender
from events.domain.wire import Message


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one message.

    `received_at` has one instant per item; `now` is what their times are checked against.
    """

    site_id: int
    sender: Sender
    message: Message
    received_at: list[int]
    now: int

    @property
    def camera_code(self) -> str | None:
        """The code of the camera that the message as a whole speaks for."""
        return self.sender.default_code or self.sender.camera_code


@dataclass(slots=True)
class Receipt:
    """received = accepted + duplicate + refused. `refused` maps the item's index to its reason."""

    received: int
    accepted: int = 0
    duplicate: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)
