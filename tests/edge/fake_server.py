"""A real little HTTP server in the place of the ingest API: remembers, and answers as told."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

HANG_UP = 0


@dataclass(frozen=True)
class Reply:
    """Status HANG_UP closes the connection without a word."""

    status: int
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes
    client_port: int
    arrived_at: float

    @property
    def lines(self) -> list[str]:
        return self.body.decode().splitlines()

    @property
    def events(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = json.loads(self.body)["events"]
        return events

    @property
    def size(self) -> int:
        is_ndjson = self.headers["Content-Type"] == "application/x-ndjson"
        return len(self.lines if is_ndjson else self.events)


class FakeServer:
    """Gives the replies queued in `replies`, then `always`, then receipts that accept all."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.replies: deque[Reply] = deque()
        self.always: Reply | None = None
        self._arrived = Condition()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler_class())
        self._http.daemon_threads = True
        self._thread = Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def wait_for(self, count: int) -> list[Request]:
        """The requests, once there are so many."""
        self.wait_until(lambda: len(self.requests) >= count)
        return list(self.requests)

    def wait_until(self, is_reached: Callable[[], bool]) -> None:
        """Looks after each request; fails after ten seconds."""
        with self._arrived:
            assert self._arrived.wait_for(is_reached, timeout=10)

    def events(self) -> list[dict[str, Any]]:
        return [event for request in list(self.requests) for event in request.events]

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def take(self, request: Request) -> Reply:
        """Remembers the request; the reply it gets."""
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
            if self.replies:
                return self.replies.popleft()
        return self.always or _receipt(request)

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"owner": self})


def _receipt(request: Request) -> Reply:
    receipt = {"received": request.size, "accepted": request.size, "duplicate": 0, "refused": []}
    return Reply(200, json.dumps(receipt))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    owner: FakeServer

    def do_POST(self) -> None:
        arrived_at = time.monotonic()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        port = self.client_address[1]
        reply = self.owner.take(Request(self.path, dict(self.headers), body, port, arrived_at))
        if reply.status == HANG_UP:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body.encode())

    def log_message(self, *_: Any) -> None:
        """The tests read requests, not logs."""
