"""Two servers, one of them of two processes, on one site: nothing is lost, nothing stored twice.

Eight clients post overlapping, repeated and late events to both at once.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.demo.processes import Command, free_port
from tests.events import overlapping
from tests.events.postgres_plant import PostgresPlant
from tests.events.posting import Fact, facts_of, sums_follow
from tests.floor import Json
from tests.postgres import Cluster

CLIENTS = 8


@dataclass
class Storm:
    """What the clients were told, and what is there now."""

    log: list[Json]
    sent: int
    answers: list[tuple[int, Json]]
    processes: int
    stored: list[Fact]
    sums_follow: bool

    def total(self, word: str) -> int:
        return sum(answer[word] for _, answer in self.answers)


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Storm:
    plant = PostgresPlant(tmp_path_factory.mktemp("two") / "factory", cluster=cluster)
    with plant.server(WORKERS="2") as one, plant.server(PORT=str(free_port())) as other:
        return post_all(plant, [one, other])


def post_all(plant: PostgresPlant, servers: list[Command]) -> Storm:
    for server in servers:
        server.wait_until(server.answers)
    log = overlapping.log(plant.began)
    shares = overlapping.shares(log, among=CLIENTS)

    def post(number: int) -> list[tuple[int, Json]]:
        port = servers[number % 2].port
        return [plant.post(batch, port=port) for batch in shares[number]]

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [answer for mine in pool.map(post, range(CLIENTS)) for answer in mine]
    family = servers[0].descendants().values()
    processes = len([each for each in family if "factory_project.server" in each])
    sent = sum(len(batch) for share in shares for batch in share)
    return Storm(log, sent, answers, processes, plant.stored(), sums_follow(plant.url))


def test_every_answer_is_200(storm: Storm) -> None:
    assert {status for status, _ in storm.answers} == {200}


def test_nothing_is_lost_and_nothing_is_stored_twice(storm: Storm) -> None:
    assert sorted(storm.stored) == sorted(facts_of(storm.log))


def test_each_event_was_accepted_once(storm: Storm) -> None:
    assert storm.total("accepted") == len(storm.log)


def test_all_others_were_duplicates(storm: Storm) -> None:
    assert storm.total("duplicate") == storm.sent - len(storm.log)


def test_sums_follow_from_the_events(storm: Storm) -> None:
    assert storm.sums_follow


def test_server_has_as_many_processes_as_it_was_told(storm: Storm) -> None:
    assert storm.processes == 2
