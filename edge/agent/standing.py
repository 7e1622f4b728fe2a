"""How the way to the server stands; each change of it is told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable

from edge.agent.journal import Journal, utc_now
from edge.agent.reply import NO_REPLY, Meaning, Reply, reason_of
from edge.agent.shape import text_of

UNKNOWN, UP, DOWN, PAUSED = "unknown", "up", "down", "paused"
WORTH_TELLING = 2.0  # seconds that a clock may be off before anybody hears of it


@dataclass
class Standing:
    """Written by the forwarder's thread, read by anyone."""

    journal: Journal = field(default_factory=Journal)
    clock: Callable[[], datetime] = utc_now
    state: str = UNKNOWN
    failures: int = 0  # in a row
    last_error: str = ""
    last_error_at: datetime | None = None
    last_success_at: datetime | None = None
    skew: float | None = None
    _is_off: bool = False

    def failed(self, reply: Reply, meaning: Meaning) -> None:
        """Nothing was stored. A person has to mend something while the state is `paused`."""
        self.failures += 1
        self.last_error, self.last_error_at = reason_of(reply), self.clock()
        self._note_skew(reply)
        state = PAUSED if meaning is Meaning.BLOCKED else DOWN
        if state != self.state:
            self.state = state
            event = "link_paused" if state == PAUSED else "link_down"
            self.journal.warning(event, reason=self.last_error, advice=_advice(reply, meaning))

    def succeeded(self, reply: Reply) -> None:
        """The server has answered for every event."""
        self.failures, self.last_success_at = 0, self.clock()
        self._note_skew(reply)
        if self.state != UP:
            self.state = UP
            self.journal.info("link_up")

    def document(self) -> dict[str, Any]:
        """For `status` and /healthz."""
        return {
            "state": self.state,
            "failures": self.failures,
            "last_error": self.last_error or None,
            "last_error_at": self.last_error_at and text_of(self.last_error_at),
            "last_success_at": self.last_success_at and text_of(self.last_success_at),
            "clock_ahead_seconds": self.skew,
        }

    def _note_skew(self, reply: Reply) -> None:
        if reply.skew is None:
            return
        self.skew = reply.skew
        is_off = abs(reply.skew) >= WORTH_TELLING
        if is_off != self._is_off:
            self._is_off = is_off
            tell = self.journal.warning if is_off else self.journal.info
            tell("clock_off" if is_off else "clock_right", ahead_seconds=reply.skew)


def _advice(reply: Reply, meaning: Meaning) -> str:
    if reply.status in {401, 403}:
        return "The server does not accept the ingest key. Events wait; asked again every minute."
    if meaning is Meaning.BLOCKED:
        return "Is this the address of the server? Events wait; asked again every minute."
    if reply.status == NO_REPLY:
        return "Events wait and are sent when the server answers."
    return "Events wait and are sent again."
