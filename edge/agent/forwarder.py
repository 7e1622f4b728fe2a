"""Sends what waits in the outbox to the server, and takes away only what the server has.

Old events go first, in their order; so that a backlog does not hold up what happens now, a share of
the batches takes the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Event as Flag
from time import monotonic

from edge.agent.buffer import Dead, Row
from edge.agent.heartbeats import Heartbeats, heartbeat_body
from edge.agent.journal import Journal
from edge.agent.outbox import Outbox, OutboxError
from edge.agent.pulse import Pulse
from edge.agent.reply import (
    NO_REPLY,
    Meaning,
    Receipt,
    Reply,
    meaning_of,
    reason_of,
    receipt_of,
)
from edge.agent.standing import Standing
from edge.agent.upstream import Upstream
from edge.patience import Patience

LARGEST_BATCH = 500
LIVE_BATCH = 50
LOOK_SECONDS = 1.0  # heartbeats wait no longer than this when there is nothing to send
ALONE_TRIES = 3  # an event on which the server breaks so often is left for later
LATER_SECONDS = 120.0
MOST_LATER = 100
NOT_ALLOWED = "camera_not_allowed"


@dataclass
class Forwarder:
    """`run` in a thread of its own, until `stop`. `live_share` is that of the newest, 0 to 1."""

    outbox: Outbox
    upstream: Upstream
    batch: int = LARGEST_BATCH
    live_share: float = 0.5
    live_batch: int = LIVE_BATCH
    patience: Patience = field(default_factory=Patience)
    journal: Journal = field(default_factory=Journal)
    standing: Standing = field(default_factory=Standing)
    heartbeats: Heartbeats = field(default_factory=Heartbeats)
    dice: Random = field(default_factory=Random)
    sent_rate: Pulse = field(default_factory=Pulse)
    _stopped: Flag = field(default_factory=Flag)
    _limit: int = LARGEST_BATCH  # of the next batch: smaller after one that was too large
    _live_credit: float = 0.0
    _newest_sent: int = 0
    _later: dict[int, float] = field(default_factory=dict)  # ids, and when they are tried again
    _alone_failures: int = 0
    _strangers: set[str] = field(default_factory=set)  # cameras that the server does not know

    def run(self) -> None:
        """Until stopped; whatever happens, what was not answered for waits in the outbox."""
        self._limit = self.batch
        while not self._stopped.is_set():
            self._go_on()
        self.upstream.close()

    def stop(self) -> None:
        """Lets `run` return after the batch that is on its way."""
        self._stopped.set()
        self.outbox.arrived.set()

    def _go_on(self) -> None:
        try:
            self._step()
        except OutboxError as error:
            self.journal.error("buffer_fails", reason=str(error))
            self._stopped.wait(LOOK_SECONDS)

    def _step(self) -> None:
        self.outbox.arrived.clear()
        if not self._pass_on_heartbeats():
            return
        rows = self._chosen()
        if rows:
            self._send(rows)
        else:
            self.outbox.arrived.wait(LOOK_SECONDS)

    def _chosen(self) -> list[Row]:
        """The next batch: of what waits longest, or now and then the newest."""
        if self.outbox.waiting > self.batch:
            self._live_credit += self.live_share
            if self._live_credit >= 1:
                self._live_credit -= 1
                size = min(self.live_batch, self._limit)
                rows = self.outbox.newest(size, after=self._newest_sent)
                if rows:
                    return rows
        return self.outbox.oldest(self._limit, less=self._left_for_later())

    def _send(self, rows: Sequence[Row]) -> None:
        body = "[" + ",".join([line for _, line in rows]) + "]"
        reply = self.upstream.post(body.encode())
        receipt, meaning = receipt_of(reply, events=len(rows)), meaning_of(reply, events=len(rows))
        if receipt is not None:
            self._settle(rows, receipt)
            self._succeeded(reply, rows)
        elif meaning is Meaning.REFUSED and len(rows) == 1:
            self._bury(rows[0], reply)
        elif meaning in {Meaning.TOO_LARGE, Meaning.REFUSED}:
            self._limit = max(len(rows) // 2, 1)
        else:
            self._wait(rows, reply, meaning)

    def _settle(self, rows: Sequence[Row], receipt: Receipt) -> None:
        ids = [row[0] for row in rows]
        dead = [Dead(ids[each.index], each.code, each.detail) for each in receipt.refused]
        self.outbox.settle(
            sorted({*ids} - {each.id for each in dead}),
            dead=dead,
            accepted=receipt.accepted,
            duplicate=receipt.duplicate,
            queued=receipt.queued,
        )
        self._tell_refused(dead)

    def _bury(self, row: Row, reply: Reply) -> None:
        """The server can't read the one event: another try would fare no better."""
        words = [str(reply.document.get(name, "")) for name in ("code", "detail")]
        dead = [Dead(row[0], *words)]
        self.outbox.settle([], dead=dead)
        self._tell_refused(dead)
        self._succeeded(reply, [row])

    def _succeeded(self, reply: Reply, rows: Sequence[Row]) -> None:
        self.standing.succeeded(reply)
        self.sent_rate.count(len(rows))
        self._newest_sent = max(self._newest_sent, rows[-1][0])
        self._limit = min(self._limit * 2, self.batch)
        self._alone_failures = 0

    def _wait(self, rows: Sequence[Row], reply: Reply, meaning: Meaning) -> None:
        self._fail(reply, meaning)
        if reply.status in {
            NO_REPLY,
            500,
        }:  # too slow for so many, or one on which the server breaks
            self._limit = max(len(rows) // 2, 1)
        if reply.status == 500 and len(rows) == 1:
            self._leave_for_later(rows[0][0])

    def _fail(self, reply: Reply, meaning: Meaning) -> None:
        self.standing.failed(reply, meaning)
        failures = self.standing.failures
        wait = self.patience.wait(
            reply.retry_after,
            is_blocked=meaning is Meaning.BLOCKED,
            failures=failures,
            dice=self.dice,
        )
        self._stopped.wait(wait)

    def _leave_for_later(self, event_id: int) -> None:
        """So that an event on which the server breaks holds up no other; it is never given up."""
        self._alone_failures += 1
        if self._alone_failures >= ALONE_TRIES and len(self._later) < MOST_LATER:
            self._alone_failures = 0
            self._later[event_id] = monotonic() + LATER_SECONDS
            self.journal.warning("event_left_for_later", id=event_id, seconds=LATER_SECONDS)

    def _left_for_later(self) -> list[int]:
        now = monotonic()
        self._later = {each: at for each, at in self._later.items() if at > now}
        return list(self._later)

    def _tell_refused(self, dead: Sequence[Dead]) -> None:
        if dead:
            first = dead[0]
            self.journal.warning("refused", events=len(dead), code=first.code, detail=first.detail)

    def _pass_on_heartbeats(self) -> bool:
        """Whether the server answers."""
        for camera_id in self.heartbeats.fresh():
            reply = self.upstream.post(heartbeat_body(camera_id))
            meaning = meaning_of(reply, events=0)
            is_refused = meaning is Meaning.REFUSED or reply.document.get("code") == NOT_ALLOWED
            if is_refused:
                self._tell_refused_heartbeat(camera_id, reply)
            elif meaning is not Meaning.SETTLED:
                self._fail(reply, meaning)
                return False
            self.heartbeats.passed_on(camera_id)
            self.standing.succeeded(reply)
        return True

    def _tell_refused_heartbeat(self, camera_id: str, reply: Reply) -> None:
        """Once: the next comes in seconds."""
        if camera_id not in self._strangers:
            self._strangers.add(camera_id)
            self.journal.warning("heartbeat_refused", camera_id=camera_id, reason=reason_of(reply))
