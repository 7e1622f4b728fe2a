"""What the agent logs: one line of JSON for each thing that happened."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from threading import Lock
from typing import Any, TextIO

from edge.agent.shape import text_of


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Journal:
    """Shared by all threads."""

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._stream, self._clock = stream, clock
        self._lock = Lock()

    def info(self, event: str, **fields: Any) -> None:
        self._write("info", event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._write("warning", event, fields)

    def error(self, event: str, **fields: Any) -> None:
        self._write("error", event, fields)

    def _write(self, level: str, event: str, fields: dict[str, Any]) -> None:
        line = {"at": text_of(self._clock()), "level": level, "event": event, **fields}
        with self._lock:
            print(json.dumps(line, default=str), file=self._stream or sys.stderr, flush=True)
