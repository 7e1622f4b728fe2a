"""Listens to an MQTT broker: events in our JSON, and what Frigate publishes.

A message is acknowledged after its events are durable, in a session that the broker keeps. Needs
paho-mqtt 2, the one thing outside the standard library; it is imported only here, when asked for.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from typing import Any, Callable
from urllib.parse import unquote, urlsplit

from edge.agent.body import MalformedError, Message, TooLargeError, decode
from edge.agent.frigate import Frigate
from edge.agent.intake import Intake
from edge.agent.journal import Journal
from edge.agent.outbox import OutboxError

PORTS = {"mqtt": 1883, "mqtts": 8883}
CLIENT_ID = "factory-edge-agent"
PATIENCE_SECONDS = 1.0
LONGEST_KEPT = 8_192
AT_LEAST_ONCE = 1


class MqttError(ValueError):
    """MQTT can't be had, or not so; the text says what to do."""


@dataclass(frozen=True)
class Broker:
    """Where it is, and who we are there."""

    host: str
    port: int
    user: str | None
    password: str | None
    is_secure: bool
    client_id: str = CLIENT_ID


def broker_of(url: str) -> Broker:
    """Of mqtt://user:password@host:1883 or mqtts://… Raises MqttError."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise MqttError(f"{url!r} is not like mqtt://127.0.0.1:1883") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise MqttError("A broker is named like mqtt://127.0.0.1:1883")
    return Broker(
        parts.hostname,
        port or PORTS[parts.scheme],
        parts.username and unquote(parts.username),
        parts.password and unquote(parts.password),
        parts.scheme == "mqtts",
        client_id=unquote(parts.path.strip("/")) or CLIENT_ID,
    )


@dataclass
class MqttInput:
    """`run` in a thread of its own, until `stop`."""

    broker: Broker
    topic: str
    intake: Intake
    frigate: Frigate | None = None
    journal: Journal = field(default_factory=Journal)
    _stopped: Flag = field(default_factory=Flag)

    def __post_init__(self) -> None:
        self._client = self._new_client()

    def run(self) -> None:
        self._client.connect_async(self.broker.host, self.broker.port)
        self._client.loop_forever(retry_first_connection=True)

    def stop(self) -> None:
        self._stopped.set()
        self._client.disconnect()

    def _new_client(self) -> Any:
        """Raises MqttError without paho-mqtt."""
        try:
            paho = importlib.import_module("paho.mqtt.client")
            version = paho.CallbackAPIVersion.VERSION2
        except (ImportError, AttributeError) as error:
            raise MqttError("MQTT needs paho-mqtt: pip install 'paho-mqtt>=2'") from error
        own = {"client_id": self.broker.client_id, "clean_session": False, "manual_ack": True}
        client = paho.Client(version, **own)
        client.username_pw_set(self.broker.user, self.broker.password)
        if self.broker.is_secure:
            client.tls_set()
        client.reconnect_delay_set(1, 60)
        client.on_connect, client.on_disconnect = self._connected, self._disconnected
        client.on_message = self._came
        return client

    def _connected(self, client: Any, _: Any, __: Any, reason: Any, ___: Any) -> None:
        if reason.is_failure:
            self.journal.warning("mqtt_refused", reason=str(reason))
            return
        client.subscribe([(topic, AT_LEAST_ONCE) for topic in self._topics()])
        self.journal.info("mqtt_up", topics=self._topics())

    def _disconnected(self, _: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        if not self._stopped.is_set():
            self.journal.warning("mqtt_down", reason=str(reason))

    def _topics(self) -> list[str]:
        if self.frigate is None:
            return [self.topic]
        prefix = self.frigate.map.topic
        return [self.topic, *(f"{prefix}/{name}" for name in _FRIGATE)]

    def _came(self, client: Any, _: Any, message: Any) -> None:
        """What can't be kept now is tried until it can; the broker keeps what follows."""
        while not self._is_taken(message):
            if self._stopped.wait(PATIENCE_SECONDS):
                return
        client.ack(message.mid, message.qos)

    def _is_taken(self, message: Any) -> bool:
        try:
            self._take(message.topic, message.payload, is_old=message.retain)
        except OutboxError as error:
            self.journal.warning("mqtt_waits", reason=str(error))
            return False
        return True

    def _take(self, topic: str, payload: bytes, *, is_old: bool) -> None:
        try:
            message = self._message(topic, payload)
            if is_old:
                message = _of_its_own_time(message)
            refused = {} if message is None else self.intake.take(message)
        except (MalformedError, TooLargeError, ValueError) as error:
            self._bury(payload, str(error) or "Too large")
            return
        for index, refusal in refused.items():
            item = message.items[index] if message else None
            self._bury(json.dumps(item, default=str).encode(), refusal.detail)

    def _message(self, topic: str, payload: bytes) -> Message | None:
        """The events of a message, if it is about any."""
        if self.frigate is None or not topic.startswith(f"{self.frigate.map.topic}/"):
            return decode(payload) if payload else None  # no words take back what was retained
        name = topic[len(self.frigate.map.topic) + 1 :]
        items = _FRIGATE[name](self, payload) if name in _FRIGATE else []
        return Message(items) if items else None

    def _available(self, payload: bytes) -> list[dict[str, Any]]:
        if payload.strip() == b"offline" and self.frigate is not None:
            self.frigate.lost()
        return []

    def _stats(self, payload: bytes) -> list[dict[str, Any]]:
        if self.frigate is not None:
            for camera_id in self.frigate.living(_object(payload)):
                self.intake.beat(camera_id)
        return []

    def _tracked(self, payload: bytes) -> list[dict[str, Any]]:
        return self.frigate.events_of(_object(payload)) if self.frigate else []

    def _face(self, payload: bytes) -> list[dict[str, Any]]:
        return self.frigate.events_of_face(_object(payload)) if self.frigate else []

    def _bury(self, payload: bytes, detail: str) -> None:
        line = payload[:LONGEST_KEPT].decode(errors="replace")
        self.intake.outbox.bury(line, code="invalid", detail=detail)


_FRIGATE: Mapping[str, Callable[[MqttInput, bytes], list[dict[str, Any]]]] = {
    "events": MqttInput._tracked,
    "tracked_object_update": MqttInput._face,
    "stats": MqttInput._stats,
    "available": MqttInput._available,
}


def _of_its_own_time(message: Message | None) -> Message | None:
    """What the broker had kept speaks of then, not of now."""
    items = [] if message is None else message.items
    timed = [item for item in items if isinstance(item, dict) and item.get("timestamp")]
    return replace(message, items=timed) if message and timed else None


def _object(payload: bytes) -> Mapping[str, Any]:
    document = json.loads(payload)
    if not isinstance(document, dict):
        raise ValueError("Expected an object")
    return document
