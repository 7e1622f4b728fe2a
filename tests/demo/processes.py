"""Commands as people start them: in processes of their own, on a free port, until a signal."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Command:
    """`manage.py WORDS` on a SQLite file of its own."""

    words: tuple[str, ...]
    database: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()  # a program that becomes it

    def __enter__(self) -> "Command":
        # The browser tests' leave to query in an event loop is no business of a server.
        around = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
        own = {"DATABASE_URL": f"sqlite:///{self.database}", "PORT": str(self.port)}
        self.output = self.database.with_suffix(f".{self.port}.log")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*self.wrapper, sys.executable, "manage.py", *self.words],
                cwd=ROOT,
                env={**around, **own, "PYTHONUNBUFFERED": "1", **self.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever a test has shown, nothing outlives it."""
        left = self.descendants()
        self.process.kill()
        self.process.wait()
        for pid in left:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self) -> str:
        return self.output.read_text()

    def wait_until(self, is_reached: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + PATIENCE_S
        while not is_reached():
            assert self.process.poll() is None, self.says()
            assert time.monotonic() < give_up_at, self.says()
            time.sleep(0.1)

    def wait_until_said(self, words: str) -> None:
        self.wait_until(lambda: words in self.says())

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self, number: signal.Signals) -> int:
        """The exit code, once it has ended by the signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def descendants(self) -> dict[int, str]:
        """Process ids with their command lines, the nearest first."""
        found: dict[int, str] = {}
        parents = {self.process.pid}
        while parents:
            parents = {pid for pid, parent in _parents().items() if parent in parents}
            found |= {pid: _command_line(pid) for pid in sorted(parents)}
        return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            found[int(folder.name)] = int(fields[1])
    return found


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
