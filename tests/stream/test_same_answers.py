"""Golden case 18, further on: figures and alerts are those of the direct way, too."""

from typing import Any

from pytest_django import Settings

from tests.broker import Broker
from tests.drift.camera_days import EVENTS_IN_POST, check, falls, found, reports
from tests.floor import Floor, Json, taken_back
from tests.stream.reading import store_all

DAY = ("00:00", "18:00")


def log() -> list[Json]:
    """Ten days of two cameras, of which one is less and less sure; a worker counts units."""
    fallen = falls("09:00", 0.8)
    return [
        *reports(fallen),
        *reports(fallen, event_type="product_count", per_hour=4, count=3),
        *reports(camera="C2", worker_id="W2", event_type="idle", per_hour=6),
    ]


def send(floor: Floor, events: list[Json]) -> set[int]:
    """Which answers came."""
    parts = [events[n : n + EVENTS_IN_POST] for n in range(0, len(events), EVENTS_IN_POST)]
    return {floor.send(part, key=floor.gateway).status_code for part in parts}


def follows(floor: Floor) -> tuple[Any, ...]:
    check()
    overview = floor.figures("overview", *DAY)
    series = floor.figures("series", *DAY, bucket="1h")
    return found(), overview, series, floor.difference()


def test_golden_18_alerts_and_figures_are_those_of_the_direct_way(
    still_clock: object, front: Floor, broker: Broker, topic: str, settings: Settings
) -> None:
    """The clock stands, since lateness and delay speak of arrival."""
    events = log()
    with taken_back():
        settings.EVENT_SINK = "direct"
        assert send(front, events) == {200}
        expected = follows(front)
    settings.EVENT_SINK = "kafka"
    assert send(front, events) == {202}
    assert store_all(broker, topic) == []
    assert follows(front) == expected
    assert len(expected[0]) == 1  # an alert, and nothing to be mended
    assert expected[-1] is None
