"""What the ingest benchmarks post, and whether all of it was stored."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from bench import worlds
from bench.connections import request
from bench.floor import Row
from bench.worlds import GATEWAY

PATH = "/api/v1/events/"


class NotStored(Exception):
    """The server said yes and stored something else: what was measured is worth nothing."""


def rounds_of(rows: Iterable[Row], *, events: int, rounds: int) -> list[list[Row]]:
    """So many rows for each round and the one that warms up."""
    remaining = iter(rows)
    return [list(islice(remaining, events)) for _ in range(rounds + 1)]


def batches(rows: Sequence[Row], *, size: int) -> list[bytes]:
    """Requests with so many events each."""
    return [_post(PATH, worlds.wire(part)) for part in _parts(rows, size)]


def singles(rows: Sequence[Row], *, path: str = PATH) -> list[bytes]:
    """Requests with one bare object each."""
    return [_post(path, worlds.wire([row])[1:-1]) for row in rows]


def check_stored(file: Path, events: int) -> None:
    """Raises NotStored unless the table has so many rows."""
    with worlds.raw(file) as opened:
        (stored,) = opened.execute("SELECT count(*) FROM events_event").fetchone()
    if stored != events:
        raise NotStored(f"{file.name} has {stored:,} events instead of {events:,}.")


def _parts(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _post(path: str, body: bytes) -> bytes:
    headers = {"Authorization": f"Bearer {GATEWAY.text}"}
    return request("POST", path, headers=headers, body=body)
