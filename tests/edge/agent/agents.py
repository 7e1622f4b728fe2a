"""Agents to test: in a process of their own as people start them, or quicker, in this one."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from edge.agent import command, settings
from edge.agent.assembly import assembled
from edge.agent.journal import Journal

ROOT = Path(__file__).parents[3]
PATIENCE_S = 20
BRISK = ("--retry-first", "0.02", "--retry-longest", "0.1", "--retry-blocked", "0.1")
START = ("-m", "edge", "agent")

Json = dict[str, Any]


def event(n: int = 0, **more: Any) -> Json:
    """The n-th of a second's thousand events, and so on through a day."""
    milliseconds = n % 1000
    seconds = n // 1000 % 60
    minutes = n // 60_000 % 60
    return {
        "timestamp": f"2026-01-15T10:{minutes:02}:{seconds:02}.{milliseconds:03}Z",
        "worker_id": "W1",
        "workstation_id": "S1",
        "event_type": "working",
        "confidence": 0.93,
        "camera_id": "CAM-1",
        **more,
    }


@dataclass(frozen=True)
class Answer:
    status: int
    document: Any
    headers: dict[str, str]


def post(url: str, body: object, *, seconds: float = PATIENCE_S, **headers: str) -> Answer:
    """Bytes as they are, all else as JSON. Raises OSError when nobody answers."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json"}
    given |= {name.replace("_", "-"): text for name, text in headers.items()}
    request = urllib.request.Request(f"{url}/api/v1/events/", raw, given)
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:
            return Answer(response.status, json.load(response), dict(response.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, json.load(error), dict(error.headers))


class Running:
    """What an agent says and answers, wherever it runs."""

    port: int

    def text(self) -> str:
        """All that it has said."""
        raise NotImplementedError

    def is_alive(self) -> bool:
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def journal(self) -> list[Json]:
        """Whole lines of JSON only."""
        lines = [line for line in self.text().splitlines() if line[:1] + line[-1:] == "{}"]
        return [json.loads(line) for line in lines]

    def said(self, happening: str) -> list[Json]:
        return [line for line in self.journal() if line["event"] == happening]

    def health(self) -> Json:
        return self.health_answer().document

    def health_answer(self) -> Answer:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=PATIENCE_S) as response:
                return Answer(response.status, json.load(response), {})
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, json.load(error), {})

    def post(self, body: object, **headers: str) -> Answer:
        return post(self.url, body, **headers)

    def put(self, *events: Json) -> None:
        """Of which every one must be kept."""
        answer = self.post(list(events))
        assert (answer.status, answer.document["queued"]) == (202, len(events)), answer

    def wait_until(self, is_reached: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        give_up_at = time.monotonic() + seconds
        while not is_reached():
            assert self.is_alive(), self.text()[-3_000:]
            assert time.monotonic() < give_up_at, self.text()[-3_000:]
            time.sleep(0.01)

    def wait_until_empty(self, seconds: float = PATIENCE_S) -> None:
        self.wait_until(lambda: self.health()["waiting"] == 0, seconds)


class AgentHere(Running):
    """The whole agent in this process, with its real sockets."""

    def __init__(self, folder: Path, url: str, *words: str, **environment: str) -> None:
        self.folder, self.buffer = folder, folder / "buffer.sqlite3"
        self._said = StringIO()
        parser = ArgumentParser()
        command.add_arguments(parser)
        given = parser.parse_args([*own_words(url, self.buffer), *words])
        told = settings.told(given, {"EDGE_KEY": "secret", **environment})
        self.agent = assembled(told, Journal(self._said))
        self._is_alive = True
        self.agent.start()
        self.port = self.agent.server.port

    def text(self) -> str:
        return self._said.getvalue()

    def is_alive(self) -> bool:
        return self._is_alive

    def end(self) -> None:
        if self._is_alive:
            self._is_alive = False
            self.agent.stop()


class AgentProcess(Running):
    """`python -m edge agent` with its buffer in a folder; `command` starts another program."""

    def __init__(
        self,
        folder: Path,
        url: str,
        *words: str,
        command: Sequence[str] = START,
        wrapper: Sequence[str] = (),
        **environment: str,
    ) -> None:
        self.folder, self.buffer = folder, folder / "buffer.sqlite3"
        self._log = folder / f"journal-{time.monotonic_ns()}"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*wrapper, sys.executable, *command, *own_words(url, self.buffer), *words],
                cwd=ROOT,
                env={**os.environ, "EDGE_KEY": "secret", **environment},
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> "AgentProcess":
        self.wait_until(lambda: self.said("started"))
        self.port = self.said("started")[0]["port"]
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def text(self) -> str:
        return self._log.read_text()

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(s.split()[1]) for s in status.splitlines() if s.startswith("VmRSS")) / 1024


def own_words(url: str, buffer: Path) -> list[str]:
    return ["--url", url, "--listen", "127.0.0.1:0", "--buffer", str(buffer), *BRISK]
