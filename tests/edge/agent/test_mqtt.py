"""Events that come over MQTT, through a real broker: our own JSON, and what Frigate publishes."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from edge.agent.frigate_map import frigate_map
from edge.agent.mqtt import MqttError, broker_of
from edge.agent.settings import SETTINGS, _file
from tests.edge.agent.agents import ROOT, AgentHere, AgentProcess, event
from tests.edge.agent.brokers import Broker
from tests.edge.agent.conftest import Start, StartProcess
from tests.edge.agent.fake_ingest import FakeIngest, Reply
from tests.edge.agent.test_frigate import EXAMPLE, RECORDED

TOPIC = "factory/events/CAM-1"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.stop()


@pytest.fixture
def words(broker: Broker) -> tuple[str, str]:
    """Each test is somebody else to the broker."""
    return "--mqtt", f"{broker.url}/{uuid4()}"


def listening(agent: Any) -> Any:
    agent.wait_until(lambda: agent.said("mqtt_up"))
    return agent


@pytest.mark.parametrize(
    "message", [event(), [event()], {"camera_id": "CAM-1", "events": [event()]}], ids=type
)
def test_events_in_our_json_are_taken(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str], message: object
) -> None:
    listening(start(*words))
    broker.publish(TOPIC, message)
    assert ingest.wait_for_stored(1)[0]["timestamp"] == event()["timestamp"]


def test_heartbeat_is_passed_on(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    listening(start(*words))
    broker.publish(TOPIC, {"camera_id": "CAM-1", "events": []})
    ingest.wait_until(lambda: any(each.is_heartbeat for each in ingest.requests))


@pytest.mark.parametrize("message", [b"nonsense", b"\xff", event(event_type="asleep")], ids=str)
def test_what_is_no_event_is_kept_with_the_reason(
    start: Start, broker: Broker, words: tuple[str, str], message: object
) -> None:
    agent = listening(start(*words))
    broker.publish(TOPIC, message)
    agent.wait_until(agent.agent.outbox.dead)
    (letter,) = agent.agent.outbox.dead()
    assert (letter[1], bool(letter[2]), bool(letter[3])) == ("invalid", True, True)


def test_what_was_said_long_ago_counts_by_its_own_time_only(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    untimed = event()
    del untimed["timestamp"]
    broker.publish("factory/events/OLD", [event(1), untimed], retain=True)
    listening(start(*words))
    broker.publish(TOPIC, event(2))
    ingest.wait_for_stored(2)
    broker.publish("factory/events/OLD", b"", retain=True)
    assert len(ingest.stored) == 2


def test_broker_keeps_what_comes_while_the_agent_is_away(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    listening(start(*words)).end()
    for n in range(5):
        broker.publish(TOPIC, event(n))
    start(*words)
    ingest.wait_for_stored(5)


def test_agent_that_is_killed_loses_no_message(
    start_process: StartProcess, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    """What it had taken is in its buffer, and the broker keeps what comes while it is dead."""
    for begin in (0, 20, 40):
        agent: AgentProcess = listening(start_process(*words))
        ingest.wait_for_stored(begin)
        for n in range(begin, begin + 10):
            broker.publish(TOPIC, event(n))
        agent.wait_until(lambda: agent.health()["counted"]["put"] >= begin + 10)  # noqa: B023
        agent.kill()
        broker.wait_until_alone()
        for n in range(begin + 10, begin + 20):
            broker.publish(TOPIC, event(n))
    start_process(*words)
    ingest.wait_for_stored(60)


def test_message_that_finds_no_room_is_not_lost(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    """It is acknowledged only when there was room for it."""
    ingest.always = Reply(503)
    agent = listening(start(*words, "--max-size", "150 KB"))
    while agent.post([event(n) for n in range(40)]).status == 202:
        pass
    broker.publish(TOPIC, [event(n) for n in range(1_000, 1_040)])
    agent.wait_until(lambda: agent.said("mqtt_waits"))
    ingest.always = None
    ingest.wait_for_stored(80)


def test_broker_that_is_away_is_said_and_waited_for(start: Start) -> None:
    agent = start("--mqtt", "mqtt://127.0.0.1:9")
    agent.put(event())
    agent.wait_until_empty()


def frigate_agent(start: Start, words: tuple[str, str]) -> AgentHere:
    """Told by the example, but for what is elsewhere here."""
    return listening(start("--config", str(EXAMPLE), "--key-file", "", *words))


def test_frigate_s_messages_fill_the_timeline(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    frigate_agent(start, words)
    for message in RECORDED:
        broker.publish("frigate/events", message)
    stored = ingest.wait_for_stored(8)
    assert [(each["worker_id"], each["event_type"]) for each in stored][-2:] == [
        ("W1", "absent"),
        ("W2", "absent"),
    ]
    assert {each["camera_id"] for each in stored} == {"CAM-1"}


def test_frigate_s_stats_are_heartbeats(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    frigate_agent(start, words)
    broker.publish("frigate/stats", {"cameras": {"line_1": {"camera_fps": 5.0}}})
    ingest.wait_until(lambda: ingest.requests)
    assert ingest.requests[0].document == {"camera_id": "CAM-1", "events": []}


def test_frigate_s_nonsense_is_kept_and_the_rest_goes_on(
    start: Start, ingest: FakeIngest, broker: Broker, words: tuple[str, str]
) -> None:
    agent = frigate_agent(start, words)
    broker.publish("frigate/events", {"after": 7})
    broker.publish("frigate/available", b"offline")
    for message in RECORDED[:3]:
        broker.publish("frigate/events", message)
    ingest.wait_for_stored(1)
    assert agent.health()["counted"]["refused"] == 1


def test_without_the_package_the_start_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    with pytest.raises(MqttError, match="pip install 'paho-mqtt>=2'"):
        AgentHere(tmp_path, "http://127.0.0.1:9", "--mqtt", "mqtt://127.0.0.1:9")


@pytest.mark.parametrize(
    "url, port, user, is_secure",
    [
        ("mqtt://box", 1883, None, False),
        ("mqtts://box", 8883, None, True),
        ("mqtt://ann:s%40cret@box:77", 77, "ann", False),
    ],
)
def test_address_of_a_broker_is_understood(
    url: str, port: int, user: str | None, is_secure: bool
) -> None:
    broker = broker_of(url)
    assert (broker.host, broker.port) == ("box", port)
    assert (broker.user, broker.is_secure) == (user, is_secure)


@pytest.mark.parametrize("url", ["box", "mqtt://", "mqtt://box:x", "http://box"])
def test_wrong_address_is_said(url: str) -> None:
    with pytest.raises(MqttError, match="mqtt://127"):
        broker_of(url)


def test_examples_are_right() -> None:
    """Each line of them is known to the agent."""
    names = {each.name for each in SETTINGS}
    for path in (ROOT / "edge" / "agent" / "examples").glob("*.ini"):
        file = _file(path)
        assert set(file["agent"]) <= names
        frigate_map(file)
