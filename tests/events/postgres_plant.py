"""Real servers on a durable PostgreSQL of their own, and clients who never get but an answer."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import psycopg

from tests.demo.processes import Command
from tests.events.posting import MAKE_A_SITE, Clients, Fact, Plant, manage
from tests.floor import Json
from tests.postgres import Cluster

STORED = "SELECT code, occurred_at FROM events_event e JOIN workers_worker w ON w.id = worker_id"


@dataclass
class PostgresPlant(Plant):
    """A site in a new database of that cluster; beside `database` lie the logs of its servers."""

    cluster: Cluster = field(kw_only=True)

    def __post_init__(self) -> None:
        self.key = _with_a_site(self.cluster.url)
        name = f"plant_{self.port}"
        with psycopg.connect(self.cluster.url, autocommit=True, dbname="template1") as maker:
            maker.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
        self.url = self.cluster.url.removesuffix("postgres") + name

    def commit_hastily(self) -> None:
        """From the next connection on, a commit is answered long before it is written."""
        with psycopg.connect(self.url, autocommit=True) as teller:
            teller.execute(f"ALTER DATABASE plant_{self.port} SET synchronous_commit = off")
            teller.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            teller.execute("SELECT pg_reload_conf()")

    def server(self, *, wrapper: tuple[str, ...] = (), **environment: str) -> Command:
        """At the plant's port; another PORT in the environment makes it another server."""
        settings = {"DATABASE_URL": self.url, **environment}
        port = int(settings.get("PORT", self.port))
        return Command(("serve",), self.database, port, settings, wrapper)

    def stored(self) -> list[Fact]:
        with psycopg.connect(self.url) as reader:
            return reader.execute(STORED).fetchall()


class PatientClients(Clients):
    """The server lives all the time: each request is answered, with JSON; anything else raises."""

    def __init__(self, plant: Plant) -> None:
        super().__init__(plant)
        self.answers: Counter[int] = Counter()

    def _is_acknowledged(self, batch: list[Json]) -> bool:
        status, answer = self.plant.post(batch)
        self.answers[status] += 1
        if status == 503 and answer["code"] == "unavailable":
            return False
        if status != 200:
            self.faults.append(f"{status} {answer}")
        return status == 200 and answer["accepted"] + answer["duplicate"] == len(batch)


@cache
def _with_a_site(url: str) -> str:
    """The key that the cluster's own database knows, which others are made from."""
    manage(url, "migrate", "--verbosity=0")
    return manage(url, "shell", "--verbosity=0", "-c", MAKE_A_SITE).split()[-1]
