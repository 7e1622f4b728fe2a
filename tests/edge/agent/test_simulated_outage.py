"""The simulator with a camera whose network fails: what it saw meanwhile comes afterwards."""

from datetime import datetime
from itertools import pairwise

import pytest

from edge.__main__ import main
from tests.edge.agent.fake_ingest import FakeIngest
from tests.edge.test_simulate import Run, run_until

OUTAGE_S = 1.2


@pytest.fixture(scope="module")
def outage() -> tuple[FakeIngest, Run]:
    """Two cameras, until the first one's network has failed and come back."""
    server = FakeIngest()
    words = ("--key", "k", "--cameras", "2", "--interval", "0.2", "--speed", "20")
    words += ("--offline-every", "2", "--offline-for", str(OUTAGE_S), "--quiet")
    run = run_until(lambda: longest(arrivals(server, "CAM-1")) > OUTAGE_S * 0.8, server, *words)
    server.stop()
    return server, run


def longest(moments: list[float]) -> float:
    """The longest time between two of them."""
    return max((later - earlier for earlier, later in pairwise(moments)), default=0)


def arrivals(server: FakeIngest, camera: str) -> list[float]:
    return sorted(at for key, at in list(server.stored_at.items()) if key[0] == camera)


def sightings(server: FakeIngest, camera: str) -> list[float]:
    return sorted(
        datetime.fromisoformat(each["timestamp"]).timestamp()
        for each in server.stored.values()
        if each["camera_id"] == camera
    )


def test_camera_is_not_heard_for_a_while(outage: tuple[FakeIngest, Run]) -> None:
    assert longest(arrivals(outage[0], "CAM-1")) > OUTAGE_S * 0.8


def test_what_it_saw_meanwhile_comes_afterwards(outage: tuple[FakeIngest, Run]) -> None:
    assert longest(sightings(outage[0], "CAM-1")) < OUTAGE_S * 0.8


def test_other_camera_has_no_trouble(outage: tuple[FakeIngest, Run]) -> None:
    assert longest(arrivals(outage[0], "CAM-2")) < OUTAGE_S * 0.8


def test_outage_and_its_end_are_said(outage: tuple[FakeIngest, Run]) -> None:
    assert outage[1].errors.splitlines()[:2] == [
        "CAM-1: the network is away; events wait on disk",
        "CAM-1: the network is back, what waited is sent",
    ]


def test_all_is_counted(outage: tuple[FakeIngest, Run]) -> None:
    server, run = outage
    assert run.output.startswith(f"sent {len(server.stored)}, accepted {len(server.stored)}, ")


@pytest.mark.parametrize(
    "words",
    [
        ["--offline-every", "10", "--offline-for", "10"],
        ["--offline-every", "90", "--offline-camera", "CAM-9"],
    ],
)
def test_odd_outage_stops_the_start(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--key", "k", "--cameras", "2", *words]) == 2
    assert "--offline-" in capsys.readouterr().err
