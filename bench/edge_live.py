"""edge-live: how late live events are while an edge agent sends the backlog of a weekend.

A million events wait when the network comes back; from then on something happens twenty times a
second, and the server says when it got each. The 99th percentile of that, in milliseconds.
"""

import sqlite3
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import quantiles

import msgspec

from bench import agents, worlds
from bench.agents import running
from bench.connections import UnexpectedAnswer, connected, request
from bench.edge_put import events_of_all
from bench.floor import stream
from bench.harness import Outcome, Size
from bench.servers import serving
from common import clock
from common.instants import to_ms, to_rfc3339

WATCHED_S = 60.0
EVERY_S = 0.05
PATH = "/api/v1/events/"
LIVE_MODEL = "live"  # what marks the live events


def run(folder: Path, size: Size) -> Outcome:
    """Milliseconds."""
    world = worlds.create(folder / "ours.sqlite3", workers=size.workers, interval_ms=5_000)
    rows = stream(world.floor, worlds.past_midnight(20))
    buffer = folder / "buffer.sqlite3"
    remaining = size.backlog
    while remaining:
        part = list(islice(rows, min(remaining, 5_000)))
        agents.fill(buffer, iter(events_of_all(world, part)))
        remaining -= len(part)
    with serving(world.url) as server, running(buffer, server_port=server.port) as agent:
        live = _go_on_living(agent, min(WATCHED_S, size.backlog / 2_000))
        time.sleep(3)
    with worlds.raw(world.file) as opened:
        return _outcome(opened, live, size.backlog)


def _go_on_living(agent: agents.Agent, seconds: float) -> int:
    """How many events were posted."""
    count, end = 0, time.monotonic() + seconds
    with connected(agent.port, 1) as (line,):
        while time.monotonic() < end:
            answer = line.ask(request("POST", PATH, body=_event(count)))
            if answer.status != 202:
                raise UnexpectedAnswer(f"{answer.status} {answer.body!r}")
            count += 1
            time.sleep(EVERY_S)
    return count


def _event(number: int) -> bytes:
    """Something that happens now."""
    return msgspec.json.encode(
        {
            "timestamp": to_rfc3339(to_ms(clock.now())),
            "worker_id": f"W{number % 4 + 1}",
            "workstation_id": f"S{number % 4 + 1}",
            "event_type": "working",
            "camera_id": "CAM-1",
            "model_version": LIVE_MODEL,
        }
    )


def _outcome(opened: sqlite3.Connection, live: int, backlog: int) -> Outcome:
    with closing(
        opened.execute(
            "SELECT received_at - occurred_at FROM events_event WHERE model_version = ?",
            [LIVE_MODEL],
        )
    ) as rows:
        delays = sorted(delay for (delay,) in rows)
    ((stored,),) = opened.execute("SELECT count(*) FROM events_event")
    if len(delays) < live:
        raise UnexpectedAnswer(f"{live - len(delays)} live events are still on their way.")
    late = quantiles(delays, n=100)[-1] if len(delays) > 1 else delays[0]
    sent = stored - len(delays)
    return Outcome("ms", late, None, (), f"{live:,} live, {sent:,} of {backlog:,} sent meanwhile")
