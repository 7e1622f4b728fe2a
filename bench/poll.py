"""poll: 304 answers/s to what the dashboard asks every few seconds, against a view that says {}.

Ours: `overview/?period=shift` of a running shift with If-None-Match and a session, 8 connections.
Counterpart: a DRF view with the same authentication and nothing to say; same server.
"""

import time
from pathlib import Path

from django.conf import settings
from django.test import Client

from bench import connections, servers, worlds
from bench.connections import Connection, request
from bench.harness import Outcome, Size, compare
from common import clock
from common.instants import to_ms
from metrics.windows import AS_OF_STEP_MS
from workers.models import User

CONNECTIONS = 8
DAY_AND_NIGHT = ((0, 12 * 60), (12 * 60, 24 * 60))
PATH = "/api/v1/metrics/overview/?site=F1&period=shift"


def run(folder: Path, size: Size) -> Outcome:
    """Rates in answers per second."""
    world = worlds.create(
        folder / "ours.sqlite3",
        workers=size.workers,
        interval_ms=size.interval_ms,
        shifts=DAY_AND_NIGHT,
    )
    cookie = _session(world)
    with (
        servers.serving(world.url) as server,
        servers.serving(world.url, settings=servers.BARE) as bare_server,
        connections.connected(server.port, CONNECTIONS) as lines,
        connections.connected(bare_server.port, CONNECTIONS) as bare_lines,
    ):
        share = size.polls // CONNECTIONS

        def ours(_: int) -> float:
            _wait_for_step()
            polls = [[_poll(cookie, _tag(lines[0], cookie))] * share] * CONNECTIONS
            return size.polls / connections.ask_all(lines, polls, expect=304)

        def counterpart(_: int) -> float:
            asked = [[request("GET", "/empty/", headers=cookie)] * share] * CONNECTIONS
            return size.polls / connections.ask_all(bare_lines, asked, expect=200)

        return compare(ours, counterpart, rounds=size.rounds, unit="answers/s")


def _session(world: worlds.World) -> dict[str, str]:
    """The header of somebody who has logged in."""
    with worlds.database(world.file):
        client = Client()
        client.force_login(User.objects.get(), backend=settings.AUTHENTICATION_BACKENDS[-1])
        return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


def _wait_for_step() -> None:
    """An answer about now holds for 5 s: a round fits into them when it begins with them."""
    time.sleep((AS_OF_STEP_MS - to_ms(clock.now()) % AS_OF_STEP_MS) / 1_000)


def _tag(line: Connection, cookie: dict[str, str]) -> str:
    return line.ask(request("GET", PATH, headers=cookie)).header("etag")


def _poll(cookie: dict[str, str], tag: str) -> bytes:
    return request("GET", PATH, headers=cookie | {"If-None-Match": tag})
