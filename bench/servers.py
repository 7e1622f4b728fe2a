"""Real servers: `manage.py serve` in a process of its own, as in earnest."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, NamedTuple

from bench.connections import Connection, UnexpectedAnswer, request
from bench.environment import ROOT
from bench.processes import peak_mb
from tests.demo.processes import free_port

START_S = 60
BARE = "bench.bare_settings"  # the same server with the counterparts' views instead of ours


class ServerFailed(Exception):
    """It did not start; the text is what it said."""


class Server(NamedTuple):
    """A server that answers, and its processes' first."""

    port: int
    pid: int

    def peak_mb(self) -> float:
        """The most memory that its processes have held, each for itself, added up."""
        return peak_mb(self.pid)


@contextmanager
def serving(
    url: str,
    *,
    settings: str = "factory_project.settings",
    configured: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A server on the database of this URL, for as long as the block lasts.

    `configured` is what else its environment says.
    """
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": settings,
        "PORT": str(port),
        **(configured or {}),
    }
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(port, process, output)
            yield Server(port, process.pid)
        except UnexpectedAnswer as error:
            error.add_note(f"The server said: {_tail(output)}")
            raise
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            asker = Connection(port)
        except OSError:
            time.sleep(0.05)
            continue
        asker.ask(request("GET", "/healthz"))
        asker.close()
        return
    raise ServerFailed(_tail(output))


def _tail(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode()[-2_000:]
