"""Asks for the figures of a set's whole window: factory, workers, and series by the hour."""

import json
from datetime import datetime
from random import randrange
from typing import Any
from urllib.parse import urlencode

from bench import connections, posts
from bench.bigset import BigSet
from bench.connections import Connection, connected, request
from bench.harness import seconds
from bench.worlds import TOKEN
from common.instants import DAY_MS, HOUR_MS, to_ms, to_rfc3339

PATHS = ("factory/", "workers/", "series/")

Times = dict[int, tuple[int, int, int]]  # [working, idle, absent] ms, by worker id or by hour


class Asker:
    """Asks as a page would, over one connection for each time that it asks."""

    def __init__(self, port: int, of: BigSet) -> None:
        self._port, self._of = port, of
        window = {"site": "F1", "start": to_rfc3339(of.start), "end": to_rfc3339(of.end)}
        headers = {"Authorization": f"Token {TOKEN}"}
        self._requests = [
            request("GET", f"/api/v1/metrics/{path}?{urlencode(window)}", headers=headers)
            for path in PATHS
        ]

    def cold_seconds(self) -> float:
        """How long the three answers take just after a new event in the window's last day.

        The event raises the site's revision, so that no answer that the server keeps fits any more.
        It is a unit, which changes no time: DuckDB's events need not have it.
        """
        with connected(self._port) as lines:
            connections.ask_all(lines, [[self._unit()]], expect=201)
            return seconds(lambda: self._bodies(lines[0]))

    def answers(self) -> list[Times]:
        """What they say, in scheduled time: in all (as 0), by worker, and by hour since 1970."""
        with connected(self._port) as (line,):
            factory, workers, series = map(json.loads, self._bodies(line))
        return [
            {0: _times(factory["factory"])},
            {int(each["worker_id"][1:]): _times(each) for each in workers["results"]},
            {_hour(each): _times(each) for each in series["results"] if any(_times(each))},
        ]

    def _bodies(self, line: Connection) -> list[bytes]:
        return [line.get(each) for each in self._requests]

    def _unit(self) -> bytes:
        at = self._of.end - DAY_MS + randrange(6 * HOUR_MS, 20 * HOUR_MS)
        floor = self._of.world.floor
        ids = (floor.site_id, floor.cameras[0], floor.workers[0], floor.stations[0])
        unit = (*ids, "product_count", at, at, 0.9, 1, False, "", "")
        return posts.singles([unit])[0]


def _times(record: dict[str, Any]) -> tuple[int, int, int]:
    return record["working_ms"], record["idle_ms"], record["absent_ms"]


def _hour(record: dict[str, Any]) -> int:
    return to_ms(datetime.fromisoformat(record["start"])) // HOUR_MS
