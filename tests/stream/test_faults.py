"""Consumers killed, joining and leaving under load: nothing lost, nothing twice, refusals exact.

Two servers take what eight clients post for three sites; two consumers share the partitions. Each
bug that is put in on purpose is found by the same suite.
"""

import http.client
import os
import re
import signal
import threading
import time
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from common.instants import to_ms
from events.models import Event, RefusedEvent
from tests.broker import Broker
from tests.crowd import at_work
from tests.demo.processes import Command
from tests.fault_profile import CONSUMER_KILLS, Account, account
from tests.floor import Floor
from tests.stream.plant import Plant

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
CLIENTS = 8
SIZE = 20
PAUSE_S = 0.05  # of a client, so that the machine has time for the others
SPOILT = 3  # items of a batch that are refused
WORK_S = (0.0, 1.0)  # between something stored and the kill
KILLS_TO_FIND_IT = 4

Fact = tuple[str, str, int]  # a site, a worker, an instant


@dataclass
class Clients:
    """Each posts batch after batch to one of the servers, and each batch until it is taken."""

    plant: Plant
    servers: list[Command]
    floors: list[Floor]
    acknowledged: set[Fact] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)  # by site
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at_work(self) -> AbstractContextManager[None]:
        """Until the block ends, and what was begun is taken."""
        return at_work(CLIENTS, self._post_on)

    def _post_on(self, number: int, stop: threading.Event) -> None:
        floor, server = self.floors[number % 3], self.servers[number % 2]
        n = 0
        while not stop.is_set():
            batch = self.plant.batch(number, n, size=SIZE)
            spoilt: list[Any] = [each | {"worker_id": "W99"} for each in batch[:SPOILT]]
            if self._is_taken(server, [*batch, *spoilt], floor.key):
                with self._lock:
                    self.acknowledged |= facts_of(floor.site.code, batch)
                    self.refused[floor.site.code] += SPOILT
                n += 1
            stop.wait(PAUSE_S)

    def _is_taken(self, server: Command, batch: list[Any], key: str) -> bool:
        try:
            status, answer, _ = self.plant.post(server, batch, key=key)
        except (OSError, http.client.HTTPException, ValueError):
            return False
        # Where nobody could look in time, what is unknown is the consumer's to refuse.
        if status != 202 or answer["queued"] not in (SIZE, SIZE + SPOILT):
            self.faults.append(f"{status} {answer}")
        return status == 202


def facts_of(site: str, batch: list[Any]) -> set[Fact]:
    return {
        (site, each["worker_id"], to_ms(datetime.fromisoformat(each["timestamp"])))
        for each in batch
    }


def stored() -> list[Fact]:
    rows = Event.objects.values_list("site__code", "worker__code", "occurred_at")
    return [(site, worker, to_ms(at)) for site, worker, at in rows]


def counted_refusals() -> Counter[str]:
    found: Counter[str] = Counter()
    for site, count in RefusedEvent.objects.values_list("site__code", "count"):
        found[site] += count
    return found


@dataclass
class Killed:
    account: Account
    clients: Clients
    floors: list[Floor]
    codes: list[int]  # of those that were told to end

    def differences(self) -> list[str]:
        found = {
            "lost or twice": not self.account.is_clean,
            "strange": set(stored()) != self.clients.acknowledged,
            "refusals are not exact": counted_refusals() != self.clients.refused,
            "the sums do not follow": any(floor.difference() for floor in self.floors),
        }
        return [name for name, is_so in found.items() if is_so]


def has_partitions(consumer: Command) -> bool:
    return bool(re.search(r"ours from now on: \d", consumer.says()))


def wait_until_at_work(plant: Plant, consumers: list[Command]) -> None:
    """All have partitions, and store: the tests' broker is lost where members never rest."""
    consumers[0].wait_until(lambda: all(map(has_partitions, consumers)))
    before = plant.total("stored", "refused")
    consumers[0].wait_until(lambda: plant.total("stored", "refused") > before)


def kill_consumers(plant: Plant, account: Account, **bug: str) -> Killed:
    """In turns one is killed, and one told to end; others take over."""
    floors = [plant.floor, Floor("F2"), Floor("F3")]
    servers = [plant.serve(), plant.serve()]
    clients = Clients(plant, servers, floors)
    consumers, codes = [plant.consume(**bug), plant.consume(**bug)], []
    with clients.at_work():
        for turn in account.turns():
            wait_until_at_work(plant, consumers)
            time.sleep(account.dice.uniform(*WORK_S))
            victim = consumers.pop(account.dice.randrange(2))
            if turn % 3 == 2:
                codes.append(victim.end(signal.SIGTERM))
            else:
                os.killpg(victim.process.pid, signal.SIGKILL)
            consumers.append(plant.consume(**bug))
            account.acknowledged = len(clients.acknowledged)
    plant.wait_until_through(consumers[0])
    codes += [consumer.end(signal.SIGTERM) for consumer in consumers]
    account.compare(clients.acknowledged, stored())
    return Killed(account, clients, floors, codes)


def test_consumers_that_come_and_go_lose_nothing_and_store_nothing_twice(
    transactional_db: None, broker: Broker, tmp_path: Path, settings: Any
) -> None:
    """One test, since each suite of its kind would take as long again."""
    with Plant(broker, tmp_path, partitions=4) as plant:
        settings.KAFKA_TOPIC = plant.topic
        wanted = account("consumer killed, 2 servers, 2 consumers", wanted=CONSUMER_KILLS)
        killed = kill_consumers(plant, wanted)
        assert killed.differences() == []
        assert (killed.clients.faults, set(killed.codes)) == ([], {0})
        assert killed.account.acknowledged > killed.account.faults * SIZE


@pytest.mark.parametrize(
    "bug, what",
    [
        ("commits_before_it_stores", "lost or twice"),
        ("counts_what_came_before", "refusals are not exact"),
    ],
)
def test_bug_that_was_put_in_is_found(
    transactional_db: None, broker: Broker, tmp_path: Path, settings: Any, bug: str, what: str
) -> None:
    with Plant(broker, tmp_path, partitions=4) as plant:
        settings.KAFKA_TOPIC = plant.topic
        broken = {"SEEDED_BUG": bug, "DJANGO_SETTINGS_MODULE": "tests.stream.broken_settings"}
        killed = kill_consumers(plant, Account(bug, wanted=KILLS_TO_FIND_IT), **broken)
        assert what in killed.differences()
