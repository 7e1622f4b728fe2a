"""Counts what became of every event, so that nothing is lost silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Any

ANSWERS = ("accepted", "duplicate", "queued")


class Tally:
    """Shared by all senders of a run."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self.sent = 0
        self.dropped = 0

    def settle(self, receipt: Mapping[str, Any], *, events: int) -> None:
        """Counts a batch in which each event got its own answer."""
        refused = receipt.get("refused") or []
        with self._lock:
            self.sent += events
            self._answers.update({name: int(receipt.get(name) or 0) for name in ANSWERS})
            self._refused.update(str(item.get("code", "no code")) for item in refused)

    def refuse(self, code: str, *, events: int) -> None:
        """Counts a batch that was refused as a whole."""
        with self._lock:
            self.sent += events
            self._refused[code] += events

    def drop(self, events: int) -> None:
        with self._lock:
            self.dropped += events

    def line(self, **waiting: int) -> str:
        """Everything in one line; `waiting` names lines that are still on the way."""
        with self._lock:
            figures = {"sent": self.sent, **{name: self._answers[name] for name in ANSWERS}}
            refused = f"refused {sum(self._refused.values())}{_in_brackets(self._refused)}"
            rare = {"dropped": self.dropped, **waiting}
        shown = [f"{name} {n}" for name, n in figures.items() if n or name != "queued"]
        return ", ".join([*shown, refused, *(f"{name} {n}" for name, n in rare.items() if n)])


def _in_brackets(codes: Mapping[str, int]) -> str:
    if not codes:
        return ""
    return " (" + ", ".join(f"{code} {n}" for code, n in sorted(codes.items())) + ")"
