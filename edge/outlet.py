"""Where a camera's lines go: to the server, or to whatever keeps them for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Outlet(Protocol):
    def put(self, lines: Sequence[str]) -> None:
        """Takes lines over, in this order, and returns at once."""

    def waiting(self) -> int:
        """How many lines it has that nobody has answered for yet."""

    def run(self) -> None:
        """Does the work, in a thread of its own, until closed."""

    def close(self) -> None:
        """Lets `run` return soon."""
