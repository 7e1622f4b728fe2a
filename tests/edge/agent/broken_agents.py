"""Agents with a bug put in on purpose: `python -m tests.edge.agent.broken_agents BUG agent …`.

A suite that does not catch them proves little.
"""

import sys
import time
from collections.abc import Sequence
from typing import Any

from edge.__main__ import main
from edge.agent import buffer, forwarder, outbox
from edge.agent.buffer import Row
from edge.agent.forwarder import Forwarder
from edge.agent.outbox import Outbox


def takes_away_before_the_answer() -> None:
    send = Forwarder._send

    def hasty(self: Forwarder, rows: Sequence[Row]) -> None:
        self.outbox.settle([row[0] for row in rows])
        send(self, rows)

    Forwarder._send = hasty


def answers_before_the_commit() -> None:
    commit = Outbox._commit

    def hasty(self: Outbox, work: Any) -> None:
        self._jobs.put(outbox._Job(work))

    def late(self: Outbox, group: Any) -> None:
        time.sleep(0.03)
        commit(self, group)

    Outbox._do, Outbox._commit = hasty, late


def stamps_anew() -> None:
    """Each time that it sends."""
    send = Forwarder._send

    def forgetful(self: Forwarder, rows: Sequence[Row]) -> None:
        now = self.standing.clock().isoformat()
        stamped = [(n, f'{line[:13]}"{now}",{line.partition(",")[2]}') for n, line in rows]
        send(self, stamped)

    Forwarder._send = forgetful


def trusts_any_200() -> None:
    receipt_of = forwarder.receipt_of

    def trusting(reply: Any, *, events: int) -> Any:
        from edge.agent.reply import Receipt  # noqa: PLC0415

        if reply.status == 200:
            return receipt_of(reply, events=events) or Receipt(events, 0, 0, ())
        return None

    forwarder.receipt_of = trusting


def forgets_the_backlog() -> None:
    """Starts with an empty buffer."""
    begin = buffer.Buffer.__init__

    def fresh(self: Any, *given: Any) -> None:
        begin(self, *given)
        self._database.execute("DELETE FROM event")
        self.count_up(waiting=-self.figures.get("waiting", 0))

    buffer.Buffer.__init__ = fresh


BUGS = {
    each.__name__: each
    for each in (
        takes_away_before_the_answer,
        answers_before_the_commit,
        stamps_anew,
        trusts_any_200,
        forgets_the_backlog,
    )
}

if __name__ == "__main__":
    BUGS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
