"""The benchmarks, each a module with `run(folder, size)`, and their budgets."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """A bound that a figure keeps."""

    sign: str
    value: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.sign} {self.value:g}{self.unit}"

    def is_reached(self, figure: float) -> bool:
        """Whether it does."""
        return figure >= self.value if self.sign == "≥" else figure <= self.value


def _from(value: float) -> Limit:
    return Limit("≥", value)


def _to(value: float, unit: str = "") -> Limit:
    return Limit("≤", value, unit)


@dataclass(frozen=True)
class Budget:
    """What is measured, against what, and what the ratio must and should be."""

    what: str
    against: str
    must: Limit
    aim: Limit


CATALOGUE = {
    "ingest-batch": Budget(
        "batches of 1,000 events in order over HTTP, SQLite (FULL), everything on",
        "raw executemany of the same rows",
        _from(0.30),
        _from(0.50),
    ),
    "ingest-single": Budget(
        "one-event POSTs, 8 connections, SQLite (FULL)",
        "a bare DRF view that INSERTs one row",
        _from(0.8),
        _from(2),
    ),
    "ingest-late": Budget(
        "batches of which 10 % are late by 1 min to 2 days",
        "the same in order",
        _from(0.5),
        _from(0.8),
    ),
    "ingest-postgres": Budget(
        "batches of 1,000 events in order over HTTP, PostgreSQL (durable), everything on",
        "COPY of the same rows",
        _from(0.25),
        _from(0.5),
    ),
    "ingest-kafka": Budget(
        "a consumer that stores from a full topic, PostgreSQL (durable), everything on",
        "ingest-postgres",
        _from(0.9),
        _from(1.2),
    ),
    "read": Budget(
        "factory + workers + series of 30 days, 100 workers, 10 M events, cold HTTP answers",
        "DuckDB (2 threads), same time-weighted sums from the events",
        _to(0.1),
        _to(0.02),
    ),
    "read-growth": Budget(
        "the same answers at 10 M events",
        "at 1 M events, same workers and days",
        _to(1.15),
        _to(1.05),
    ),
    "poll": Budget(
        "304 answers of the overview to a session, 8 connections",
        "a DRF view with the same authentication that returns {}",
        _from(0.6),
        _from(0.9),
    ),
    "rebuild": Budget(
        "rebuild of all that follows from the events",
        "Python's own loop that decodes and sorts the same rows",
        _from(0.3),
        _from(0.6),
    ),
    "drift": Budget(
        "false alarms and delays on simulated cameras, the worst of them",
        "a plain detector's on such cameras",
        _to(1),
        _to(1),
    ),
    "drift-replay": Budget(
        "evaluating one camera: 14 days, 5 types of events", "", _to(30, " ms"), _to(15, " ms")
    ),
    "memory": Budget(
        "server's memory (RSS) under ingest load", "", _to(250, " MB"), _to(180, " MB")
    ),
    "edge-put": Budget(
        "edge agent: events into the buffer, 100 at a time, each durable",
        "raw executemany of the same rows, same pragmas",
        _from(0.5),
        _from(0.8),
    ),
    "edge-memory": Budget(
        "edge agent's memory (RSS) with 1 M events buffered", "", _to(60, " MB"), _to(35, " MB")
    ),
    "edge-live": Budget(
        "edge agent: 99th percentile of live events' delay while it sends a backlog of 1 M",
        "",
        _to(2_000, " ms"),
        _to(1_000, " ms"),
    ),
}


def module_of(name: str) -> str:
    """Where a benchmark lives."""
    return f"bench.{name.replace('-', '_')}"
