"""Delivers one camera's lines in order, and keeps trying while the server does not take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Callable

from edge.answer import Answer, Outcome, outcome_of
from edge.backlog import Backlog
from edge.link import Link
from edge.patience import Patience
from edge.tally import Tally
from edge.troubles import Troubles
from edge.wire import Encode, as_json

Prepare = Callable[[Sequence[str]], "list[str]"]
CAPACITY = 20_000  # lines per camera: more than a day at one every five seconds
LARGEST_BATCH = 500


@dataclass
class Sender:
    """`put` from any thread; `run` in a thread of its own until `close`.

    A batch that failed is sent again exactly as it was, before anything newer.
    """

    camera_id: str
    link: Link
    tally: Tally
    troubles: Troubles
    encode: Encode = as_json
    patience: Patience = field(default_factory=Patience)
    prepare: Prepare = list  # what is done to lines just before they are sent
    heartbeat_seconds: float | None = 10.0  # None: never
    dice: Random = field(default_factory=Random)
    backlog: Backlog = field(default_factory=lambda: Backlog(CAPACITY))
    _in_hand: list[str] = field(default_factory=list)

    def put(self, lines: Sequence[str]) -> None:
        """Queues lines; from a full backlog the oldest go, which is told and counted."""
        dropped = self.backlog.add(lines)
        if dropped:
            self.tally.drop(dropped)
            self.troubles.tell_drop()

    def waiting(self) -> int:
        """Lines that have no answer yet."""
        return len(self.backlog) + len(self._in_hand)

    def close(self) -> None:
        """Lets `run` return after one last attempt."""
        self.backlog.close()

    def run(self) -> None:
        while self._deliver_next():
            pass
        self.link.close()

    def _deliver_next(self) -> bool:
        """Whether to go on; nothing to send for a while is sent too, as a heartbeat."""
        self._in_hand = self.backlog.take(limit=LARGEST_BATCH, timeout=self.heartbeat_seconds)
        if self.backlog.closed and not self._in_hand:
            return False
        if not self.backlog.closed:
            self._in_hand = self.prepare(self._in_hand)
        is_done = self._deliver()
        if is_done:
            self._in_hand = []
        return is_done

    def _deliver(self) -> bool:
        """Tries until the server has taken the batch; false when closed before that."""
        body = self.encode(self.camera_id, self._in_hand)
        failures = 0
        while True:
            is_last = self.backlog.closed
            answer = self.link.post(body)
            if self._is_done(answer):
                return True
            if is_last:
                return False
            failures += 1
            self.troubles.tell(answer, failures=failures)
            self.backlog.sleep(self._pause(answer, failures))

    def _pause(self, answer: Answer, failures: int) -> float:
        is_blocked = outcome_of(answer) is Outcome.BLOCKED
        return self.patience.wait(
            answer.retry_after, is_blocked=is_blocked, failures=failures, dice=self.dice
        )

    def _is_done(self, answer: Answer) -> bool:
        outcome = outcome_of(answer)
        if outcome is Outcome.SETTLED:
            self.tally.settle(answer.receipt, events=len(self._in_hand))
            self.troubles.are_over()
        if outcome is Outcome.REFUSED:
            self.tally.refuse(f"http_{answer.status}", events=len(self._in_hand))
            self.troubles.tell(answer, failures=1)
        return outcome in {Outcome.SETTLED, Outcome.REFUSED}
