"""How the agent is: one document for /healthz, `status` and whoever watches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from edge.agent.forwarder import Forwarder
from edge.agent.intake import Intake
from edge.agent.journal import utc_now
from edge.agent.outbox import Outbox, OutboxError
from edge.agent.shape import ShapeError, instant_of, text_of

WELL, FULL, FAILING = "ok", "full", "failing"
COUNTED = ("put", "accepted", "duplicate", "queued", "refused", "dropped", "forgotten")


@dataclass(frozen=True)
class Health:
    outbox: Outbox
    forwarder: Forwarder
    intake: Intake
    began_at: datetime

    def __call__(self) -> tuple[bool, Mapping[str, Any]]:
        """Whether events are taken in, and everything else."""
        now = utc_now()
        try:
            oldest = oldest_at(self.outbox.oldest(1))
        except OutboxError as error:
            return False, {"status": FAILING, "detail": str(error)}
        room, is_full = self.outbox.room, self.outbox.is_full
        figures = self.outbox.figures()
        document = {
            "status": FULL if is_full else WELL,
            "began_at": text_of(self.began_at),
            "waiting": figures.get("waiting", 0),
            "oldest_at": oldest and text_of(oldest),
            "oldest_seconds": oldest and max(round((now - oldest).total_seconds(), 1), 0),
            "put_per_second": self.outbox.put_rate.per_second(),
            "sent_per_second": self.forwarder.sent_rate.per_second(),
            "buffer": {
                "used_bytes": self.outbox.used_bytes(),
                "max_bytes": room.max_bytes,
                "when_full": room.when_full,
                "broken": self.outbox.broken,
            },
            "counted": {name: figures.get(name, 0) for name in COUNTED},
            "link": self.forwarder.standing.document(),
            "heard_seconds_ago": self.intake.heard(),
            "seq": self.outbox.sequences(),
        }
        return not is_full, document


def oldest_at(rows: list[tuple[int, str]]) -> datetime | None:
    """The time of the first event."""
    try:
        return instant_of(json.loads(rows[0][1])["timestamp"]) if rows else None
    except (ValueError, KeyError, TypeError, ShapeError):
        return None
