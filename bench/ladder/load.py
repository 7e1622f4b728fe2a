"""Cameras that report and pages that poll, each by its own clock, whatever the server does.

A delay counts from the moment at which the request was due: who waits for a slow answer sends the
next one late, and that is the server's doing, too.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from bench.connections import request
from bench.ladder.floors import EVERY_S, Camera, Dashboard, body, reports
from common import clock
from common.instants import to_ms, to_rfc3339

POLL_S = 3.0
PATIENCE_S = 30.0
GOOD = {200, 201, 202, 304}


@dataclass
class Answers:
    """How long each took from the moment it was due, in ms, and what went wrong."""

    delays: list[float] = field(default_factory=list)
    bad: dict[str, int] = field(default_factory=dict)

    def fail(self, why: str) -> None:
        """Counts an answer that was none."""
        self.bad[why] = self.bad.get(why, 0) + 1

    def share(self, quantile: float) -> float:
        """Such a share of the delays is no longer than this."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))] if ordered else 0.0


@dataclass
class Load:
    """What came of one stretch of time."""

    posts: Answers = field(default_factory=Answers)
    polls: Answers = field(default_factory=Answers)
    events: int = 0
    seconds: float = 0.0


class Crowd:
    """Connections of all cameras and pages, kept open over several stretches."""

    def __init__(self, port: int, cameras: Sequence[Camera]) -> None:
        self._port = port
        self._cameras = [
            (_Line(port), camera, reports(camera, seed)) for seed, camera in enumerate(cameras)
        ]
        self._pages: dict[int, _Line] = {}

    async def go_on(self, seconds: float, dashboards: Sequence[Dashboard] = ()) -> Load:
        """Everybody does what they do for so long."""
        load, began = Load(), perf_counter()
        tasks = [self._report(index, began + seconds, load) for index in range(len(self._cameras))]
        tasks += [
            self._poll(index, page, began + seconds, load) for index, page in enumerate(dashboards)
        ]
        await asyncio.gather(*tasks)
        load.seconds = perf_counter() - began
        return load

    async def _report(self, index: int, end: float, load: Load) -> None:
        line, camera, said = self._cameras[index]
        headers = {"Authorization": f"Bearer {camera.key}"}
        due = perf_counter() + EVERY_S * index / len(self._cameras)
        while due < end:
            await _until(due)
            events = next(said)
            data = body(camera, events, to_rfc3339(to_ms(clock.now())))
            asked = request("POST", "/api/v1/events/", headers=headers, body=data)
            if await line.ask(asked, due, load.posts):
                load.events += len(events)
            due += EVERY_S

    async def _poll(self, index: int, page: Dashboard, end: float, load: Load) -> None:
        line = self._pages.setdefault(index, _Line(self._port))
        due = perf_counter() + POLL_S * (index % 30) / 30
        path = f"/api/v1/metrics/overview/?site={page.site}&period=live"
        while due < end:
            await _until(due)
            headers = {"Authorization": f"Token {page.token}"}
            if line.tag:
                headers["If-None-Match"] = line.tag
            await line.ask(request("GET", path, headers=headers), due, load.polls)
            due += POLL_S


async def _until(due: float) -> None:
    if (wait := due - perf_counter()) > 0:
        await asyncio.sleep(wait)


class _Line:
    """One keep-alive connection, opened when it is needed and again when it was cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.tag = ""

    async def ask(self, asked: bytes, due: float, answers: Answers) -> bool:
        """Whether the answer was good; its delay or its fault is noted."""
        try:
            status = await asyncio.wait_for(self._ask(asked), PATIENCE_S)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            answers.fail(type(error).__name__)
            self._drop()
            return False
        answers.delays.append((perf_counter() - due) * 1_000)
        if status not in GOOD:
            answers.fail(str(status))
        return status in GOOD

    async def _ask(self, asked: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(asked)
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b": ")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"etag":
                self.tag = value.decode()
        if length:
            await reader.readexactly(length)
        return int(head[9:12])

    def _drop(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
