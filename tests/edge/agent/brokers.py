"""A real MQTT broker from a package, in a process of its own."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho

from tests.demo.processes import free_port

AT_LEAST_ONCE = 1
PATIENCE_S = 20
SETTINGS = """
listeners:
  default:
    type: tcp
    bind: 127.0.0.1:{port}
plugins:
  amqtt.plugins.authentication.AnonymousAuthPlugin:
    allow_anonymous: false
"""


class Broker:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        settings = folder / "broker.yaml"
        settings.write_text(SETTINGS.format(port=self.port))
        program = Path(sys.executable).with_name("amqtt")
        self._log = folder / "broker.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen([program, "-c", settings], stdout=log, stderr=log)
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("camera", "secret")
        self._connect()

    @property
    def url(self) -> str:
        return f"mqtt://agent:secret@127.0.0.1:{self.port}"

    def publish(self, topic: str, message: Any, *, retain: bool = False) -> None:
        """Returns when the broker has it. Bytes as they are, all else as JSON."""
        payload = message if isinstance(message, bytes) else json.dumps(message).encode()
        sent = self._client.publish(topic, payload, AT_LEAST_ONCE, retain)
        sent.wait_for_publish(PATIENCE_S)
        assert sent.is_published()

    def wait_until_alone(self) -> None:
        """Until it has noticed that the others are gone: it drops what was on its way to them."""
        give_up_at = time.monotonic() + PATIENCE_S
        while re.findall(r"(\d+)/\S+ connections", self._log.read_text())[-1] != "1":
            assert time.monotonic() < give_up_at, self._log.read_text()
            time.sleep(0.01)

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._process.terminate()
        self._process.wait(PATIENCE_S)

    def _connect(self) -> None:
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._client.connect("127.0.0.1", self.port)
            except OSError:
                assert time.monotonic() < give_up_at, self._log.read_text()
                time.sleep(0.05)
                continue
            break
        self._client.loop_start()
