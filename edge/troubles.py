"""Tells each trouble of a camera's sender once, and once more when it is over."""

from __future__ import annotations

from dataclasses import dataclass

from edge.answer import NO_ANSWER, Answer, Outcome, outcome_of, reason_of
from edge.console import Console

HICCUPS = 2  # a busy server may say "later" this often in a row before it is worth a line


@dataclass(frozen=True)
class Troubles:
    """`account` names what cameras with one key have in common, so that they complain once."""

    camera_id: str
    account: str
    console: Console

    def tell(self, answer: Answer, *, failures: int) -> None:
        """Says why an attempt failed and what happens next; `failures` in a row so far."""
        outcome, reason = outcome_of(answer), f"{self.camera_id}: {reason_of(answer)}"
        if outcome is Outcome.REFUSED:
            self.console.warn(f"refused {self.camera_id}", f"{reason}; this batch is given up")
        elif outcome is Outcome.BLOCKED:
            self.console.warn(self._blocked, f"{reason}{_advice(answer)}; events wait, slow retry")
        elif answer.status == NO_ANSWER:
            self.console.warn("server", f"{reason}; events wait and are sent again")
        elif failures > HICCUPS:
            self.console.warn(self._busy, f"{reason}; events wait and are sent again")

    def tell_drop(self) -> None:
        """Says that the backlog is full and loses its oldest events."""
        line = f"{self.camera_id}: too many events wait, the oldest are dropped"
        self.console.warn(f"full {self.camera_id}", line)

    def are_over(self) -> None:
        """Says so if there were any; call it whenever the server has taken a batch."""
        self.console.relieve("server", "the server answers again")
        self.console.relieve(self._blocked, f"{self.camera_id}: the server takes events again")
        self.console.relieve(self._busy, f"{self.camera_id}: the server takes events again")

    @property
    def _blocked(self) -> str:
        return f"blocked {self.account}"

    @property
    def _busy(self) -> str:
        return f"busy {self.camera_id}"


def _advice(answer: Answer) -> str:
    if answer.status in {401, 403}:
        return "; the server does not accept the ingest key"
    return "; is this the address of the server?"
