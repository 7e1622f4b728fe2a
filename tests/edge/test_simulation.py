"""A running floor inside the test: channels, ticks, progress and the end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event

import pytest

from edge.assembly import Options, channels_of, floor_of
from edge.channel import Channel
from edge.console import Console
from edge.floor import Floor
from edge.plan import always_on
from edge.sighting import Sighting
from edge.simulation import Simulation
from edge.tally import Tally
from edge.writer import PlainWriter
from tests.edge.fake_server import FakeServer

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
ONE_CAMERA = always_on(1, ["secret"])
SEEN = Sighting(NOON, "CAM-1", "W1", "S1", "working", 0.93)


@pytest.fixture(autouse=True)
def short_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.simulation.TICK_SECONDS", 0.02)


class Box:
    """An outlet that keeps what it gets."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._closed = Event()

    def put(self, lines: Sequence[str]) -> None:
        self.lines.extend(lines)

    def waiting(self) -> int:
        return len(self.lines)

    def run(self) -> None:
        self._closed.wait(10)

    def close(self) -> None:
        self._closed.set()


class Progress:
    def __init__(self) -> None:
        self.shown = 0

    def show(self) -> None:
        self.shown += 1


def simulation_into(box: Box, progress: Progress) -> Simulation:
    floor = Floor(ONE_CAMERA, Random(1), began_at=NOON, interval=timedelta(seconds=5))
    channels = {"CAM-1": Channel(PlainWriter(), box)}
    return Simulation(
        floor, channels, show_progress=progress.show, clock=lambda: NOON + timedelta(seconds=1)
    )


def options(url: str, *, with_chaos: bool = False, seed: int | None = 1) -> Options:
    return Options(url=url, interval_seconds=5, speed=1, with_chaos=with_chaos, seed=seed)


def test_what_is_seen_reaches_the_outlet_of_its_camera() -> None:
    box = Box()
    simulation_into(box, Progress()).run(seconds=0.01)

    assert len(box.lines) == 1


def test_lines_without_an_answer_are_counted() -> None:
    simulation = simulation_into(Box(), Progress())
    simulation.run(seconds=0.01)

    assert simulation.waiting() == 1


def test_stopped_simulation_ends_though_it_had_no_limit() -> None:
    box = Box()
    simulation = simulation_into(box, Progress())
    simulation.stop()
    simulation.run(seconds=None)

    assert box.lines == []


def test_progress_is_shown_at_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.simulation.PROGRESS_SECONDS", 0)
    progress = Progress()
    simulation_into(Box(), progress).run(seconds=0.01)

    assert progress.shown == 1


def test_progress_is_not_shown_before_its_time() -> None:
    progress = Progress()
    simulation_into(Box(), progress).run(seconds=0.01)

    assert progress.shown == 0


@pytest.mark.parametrize("seed", [1, None], ids=["with a seed", "without"])
@pytest.mark.parametrize(
    "with_chaos, content_type", [(False, "application/json"), (True, "application/x-ndjson")]
)
def test_chaos_travels_as_lines_and_order_as_json(
    server: FakeServer, with_chaos: bool, content_type: str, seed: int | None
) -> None:
    asked = options(server.url, with_chaos=with_chaos, seed=seed)
    told = {"tally": Tally(), "console": Console()}
    channel = channels_of(ONE_CAMERA, asked, began_at=NOON, **told)["CAM-1"]
    channel.open()
    channel.pass_on([SEEN], now=NOON)
    channel.close()
    channel.join(timeout=5)

    assert server.requests[0].headers["Content-Type"] == content_type


def test_seed_repeats_the_floor() -> None:
    one, other = (
        floor_of(ONE_CAMERA, options("http://a"), began_at=NOON).advance(
            NOON + timedelta(seconds=30)
        )
        for _ in range(2)
    )

    assert one == other
