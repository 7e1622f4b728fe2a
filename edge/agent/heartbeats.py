"""Heartbeats of cameras on their way to the server: only the newest counts, and only while new."""

from __future__ import annotations

import json
from threading import Lock
from time import monotonic
from typing import Callable

FRESH_SECONDS = 30.0  # later than that it would say that a camera lives of which nobody knows


class Heartbeats:
    """From any thread to the forwarder's. Not kept: a heartbeat speaks of now."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._at: dict[str, float] = {}

    def note(self, camera_id: str) -> None:
        """The camera lives; an empty id is the camera of the server's key."""
        with self._lock:
            self._at[camera_id] = self._clock()

    def fresh(self) -> list[str]:
        """The cameras with a heartbeat to pass on."""
        limit = self._clock() - FRESH_SECONDS
        with self._lock:
            self._at = {camera: at for camera, at in self._at.items() if at >= limit}
            return list(self._at)

    def passed_on(self, camera_id: str) -> None:
        with self._lock:
            self._at.pop(camera_id, None)


def heartbeat_body(camera_id: str) -> bytes:
    """An empty batch; its camera is named unless the key says it."""
    document = {"camera_id": camera_id, "events": []} if camera_id else {"events": []}
    return json.dumps(document).encode()
