"""The command `agent`: keeps the events of cameras nearby and sends them on to the server."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from edge.agent import settings
from edge.agent.assembly import assembled
from edge.agent.journal import Journal
from edge.agent.outbox import UnusableError

USAGE_ERROR = 2
ENDINGS = {signal.SIGINT, signal.SIGTERM}

add_arguments = settings.add_arguments


def run(arguments: argparse.Namespace) -> int:
    """Runs the agent until SIGINT or SIGTERM; the exit code."""
    with _held_back(ENDINGS):
        try:
            agent = assembled(settings.told(arguments, os.environ), Journal())
        except (ValueError, OSError, UnusableError) as error:
            print(f"edge agent: {error}", file=sys.stderr)
            return USAGE_ERROR
        agent.start()
        signal.sigwait(ENDINGS)
        agent.stop()
    return 0


@contextmanager
def _held_back(signals: set[signal.Signals]) -> Iterator[None]:
    """From this thread and those that it starts, so that one waits for them and none is missed."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
