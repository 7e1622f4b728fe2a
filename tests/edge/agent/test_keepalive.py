"""States of a camera that speaks only of changes are said again while it lives, and only then."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from edge.agent.body import Message
from edge.agent.heartbeats import Heartbeats
from edge.agent.intake import Intake
from edge.agent.keepalive import Keepalive
from edge.agent.outbox import Outbox
from tests.edge.agent.agents import event
from tests.edge.agent.conftest import Start
from tests.edge.agent.fake_ingest import FakeIngest

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Shop:
    """A keepalive of every minute, for cameras heard within 90 seconds; time goes when told."""

    def __init__(self, folder: Path) -> None:
        self.seconds = 0.0
        self.outbox = Outbox(folder / "buffer.sqlite3")
        self.keepalive = Keepalive(self.outbox, 60, 90, now=self.now, clock=lambda: self.seconds)
        self.intake = Intake(self.outbox, Heartbeats(), None, self.keepalive, self.now)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def sees(self, kind: str = "working", **more: Any) -> None:
        at = self.now().isoformat()
        self.intake.take(Message([event(timestamp=at, event_type=kind, **more)]))

    def beats(self, camera_id: str = "CAM-1") -> None:
        self.intake.take(Message([], camera_id))

    def passes(self, seconds: float, *, alive: bool = True) -> None:
        for _ in range(int(seconds / 10)):
            self.seconds += 10
            if alive:
                self.beats()
            self.keepalive.say_again()

    def restated(self) -> list[tuple[int, str, str]]:
        """When (in seconds), who, what."""
        rows = [json.loads(line) for _, line in self.outbox.oldest(1_000)]
        return [
            (
                int((datetime.fromisoformat(row["timestamp"]) - NOON).total_seconds()),
                row["worker_id"],
                row["event_type"],
            )
            for row in rows
            if row.get("restated")
        ]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.outbox.close()


def test_state_is_said_again_every_interval(shop: Shop) -> None:
    shop.sees()
    shop.passes(180)
    assert shop.restated() == [
        (60, "W1", "working"),
        (120, "W1", "working"),
        (180, "W1", "working"),
    ]


def test_restated_event_says_what_was_seen_and_claims_no_confidence(shop: Shop) -> None:
    shop.sees(model_version="m1")
    shop.passes(60)
    said = json.loads(shop.outbox.oldest(2)[1][1])
    assert {name: said[name] for name in ("workstation_id", "camera_id", "model_version")} == {
        "workstation_id": "S1",
        "camera_id": "CAM-1",
        "model_version": "m1",
    }
    assert "confidence" not in said
    assert said["restated"] is True


def test_newest_state_is_said_again(shop: Shop) -> None:
    shop.sees()
    shop.passes(30)
    shop.sees("idle")
    shop.passes(60)
    assert shop.restated() == [(90, "W1", "idle")]


def test_older_news_changes_nothing(shop: Shop) -> None:
    shop.sees()
    late = (NOON - timedelta(minutes=5)).isoformat()
    shop.intake.take(Message([event(timestamp=late, event_type="absent")]))
    shop.passes(60)
    assert shop.restated() == [(60, "W1", "working")]


def test_count_is_no_state(shop: Shop) -> None:
    shop.sees("product_count")
    shop.passes(120)
    assert shop.restated() == []


def test_camera_that_is_silent_says_nothing(shop: Shop) -> None:
    shop.sees()
    shop.passes(60, alive=False)
    shop.passes(300, alive=False)
    assert shop.restated() == [(60, "W1", "working")]


def test_what_a_silent_camera_has_said_is_forgotten(shop: Shop) -> None:
    """Nobody knows what happened while it was away."""
    shop.sees()
    shop.passes(100, alive=False)
    shop.passes(200)
    assert shop.restated() == [(60, "W1", "working")]
    assert shop.keepalive.tracked() == 0


def test_worker_who_moves_is_said_where_last_seen(shop: Shop) -> None:
    shop.sees()
    shop.passes(20)
    shop.sees(camera_id="CAM-2", workstation_id="S2")
    shop.beats("CAM-2")
    shop.passes(60)
    rows = [json.loads(line) for _, line in shop.outbox.oldest(10)]
    assert [row["workstation_id"] for row in rows if row.get("restated")] == ["S2"]


def test_feed_of_one_camera_speaks_for_no_other(shop: Shop) -> None:
    shop.sees(camera_id="CAM-2")
    shop.passes(200)  # CAM-1 beats
    assert shop.restated() == [(60, "W1", "working")]


def test_clock_set_back_says_nothing_before_what_was_seen(shop: Shop) -> None:
    shop.sees()
    shop.keepalive.now = lambda: NOON - timedelta(hours=1)
    shop.passes(120)
    assert shop.restated() == []


def test_it_is_off_unless_asked_for(start: Start) -> None:
    assert all(not isinstance(part, Keepalive) for part in start().agent.parts)


def test_it_works_in_the_agent(start: Start, ingest: FakeIngest) -> None:
    agent = start("--interval", "0.2", "--feed-timeout", "30")
    now = datetime.now(UTC).isoformat()
    agent.put(event(timestamp=now))
    ingest.wait_until(lambda: sum(e.get("restated", False) for e in ingest.stored.values()) > 2)
