"""What goes into the store and what comes back: a batch of items of one site, and a receipt that answers each of them."""

from dataclasses import dataclass, field

from events.domain.judgement import Refusal, Sender
from events.domain.wire import Message


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one message. `received_at` has one instant per item; `now` is what their times are checked against."""

    site_id: int
    sender: Sender
    message: Message
    received_at: list[int]
    now: int


@dataclass(slots=True)
class Receipt:
    """received = accepted + duplicate + refused. `refused` maps the item's index to its reason."""

    received: int
    accepted: int = 0
    duplicate: int = 0
    refused: dict[int, Refusal] = field(default_factory=dict)
