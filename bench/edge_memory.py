"""edge-memory: what the edge agent holds of memory with a million events in its buffer.

The server is away at first; then the agent has sent for a while. The larger of both is taken.
"""

import time
from itertools import islice
from pathlib import Path

from bench import agents, worlds
from bench.agents import running
from bench.edge_put import events_of_all
from bench.floor import stream
from bench.harness import Outcome, Size
from bench.servers import serving

AWAY_PORT = 9  # nobody answers there
WATCHED_S = 5.0


def run(folder: Path, size: Size) -> Outcome:
    """Megabytes."""
    world = worlds.create(folder / "ours.sqlite3", workers=size.workers, interval_ms=5_000)
    rows = stream(world.floor, worlds.past_midnight(20))
    buffer = folder / "buffer.sqlite3"
    remaining = size.backlog
    while remaining:
        part = list(islice(rows, min(remaining, 5_000)))
        agents.fill(buffer, iter(events_of_all(world, part)))
        remaining -= len(part)
    with running(buffer, server_port=AWAY_PORT) as agent:
        peak = _highest(agent)
    with serving(world.url) as server, running(buffer, server_port=server.port) as agent:
        peak = max(peak, _highest(agent))
    return Outcome("MB", peak, None, (), f"{size.backlog:,} events buffered")


def _highest(agent: agents.Agent) -> float:
    peak, end = 0.0, time.monotonic() + WATCHED_S
    while time.monotonic() < end:
        peak = max(peak, agent.rss_mb())
        time.sleep(0.1)
    return peak
