"""The agent's own ingest API on the machine: the contract of the server's, answered with 202."""

from __future__ import annotations

import hmac
import json
import socket
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore
from typing import Any, Callable, Union, cast

from edge.agent.body import Message
from edge.agent.intake import Intake
from edge.agent.outbox import NoRoomError, OutboxError
from edge.agent.request import Answer, RefusedRequestError, body_of, message_of
from edge.agent.shape import Refusal
from edge.link import INGEST_PATH

HEALTH_PATH = "/healthz"
MAX_CONNECTIONS = 64
IDLE_SECONDS = 60.0
RETRY_AFTER = {"Retry-After": "5"}
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\n"
    b'Connection: close\r\n\r\n{"code": "busy", "detail": "Too many connections."}'
)

Health = Callable[[], "tuple[bool, Mapping[str, Any]]"]
Socket = Union[socket.socket, "tuple[bytes, socket.socket]"]


class AgentServer(ThreadingMixIn, TCPServer):
    """Listens once it is made; answers while `serve_forever` runs.

    `key` is what senders must show, if anything; `health` tells whether all is well, and how it is.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], intake: Intake, *, health: Health, key: str = ""
    ) -> None:
        self.intake, self.health, self.key = intake, health, key
        self._free = BoundedSemaphore(MAX_CONNECTIONS)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def process_request(self, request: Socket, client_address: Any) -> None:
        """In a thread of its own; of too many at once the last are asked to come back."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
            return
        with suppress(OSError):
            cast(socket.socket, request).sendall(BUSY)
        self.shutdown_request(request)

    def process_request_thread(self, request: Socket, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Socket, client_address: Any) -> None:
        """A sender that hangs up in the middle of its request is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1
    server: AgentServer

    def do_POST(self) -> None:
        try:
            answer = self._taken()
        except RefusedRequestError as refused:
            self.close_connection = self.close_connection or not refused.is_read
            answer = refused.answer
        except NoRoomError as error:
            answer = Answer(507, {"code": "disk_full", "detail": str(error)}, RETRY_AFTER)
        except OutboxError as error:
            answer = Answer(503, {"code": "unavailable", "detail": str(error)}, RETRY_AFTER)
        self._answer(answer)

    def do_GET(self) -> None:
        if self.path != HEALTH_PATH:
            self._answer(_NOT_HERE)
            return
        is_well, document = self.server.health()
        self._answer(Answer(200 if is_well else 503, document))

    def send_error(self, code: int, message: Any = None, explain: Any = None) -> None:
        """What the base class finds wrong with a request, as JSON."""
        self.close_connection = True
        detail = str(message or self.responses.get(code, ("", ""))[0])
        self._answer(Answer(code, {"code": "bad_request", "detail": detail}))

    def log_message(self, *_: Any) -> None:
        """The journal tells what happens; requests are counted."""

    def _taken(self) -> Answer:
        body = body_of(self.headers, self.rfile)
        if self.path != INGEST_PATH:
            return _NOT_HERE
        if not self._shows_key():
            return _NO_KEY
        message = message_of(self.headers, body)
        return _receipt(message, self.server.intake.take(message))

    def _shows_key(self) -> bool:
        if not self.server.key:
            return True
        shown = self.headers.get("Authorization", "").encode(errors="replace")
        return hmac.compare_digest(shown, f"Bearer {self.server.key}".encode())

    def _answer(self, answer: Answer) -> None:
        content = json.dumps(answer.document).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


_NOT_HERE = Answer(404, {"code": "not_found", "detail": f"Events go to POST {INGEST_PATH}"})
_NO_KEY = Answer(
    401,
    {"code": "not_authenticated", "detail": "Send the agent's key: Authorization: Bearer …"},
    {"WWW-Authenticate": "Bearer"},
)


def _receipt(message: Message, refused: Mapping[int, Refusal]) -> Answer:
    """As from a server that queues: one answer for each item."""
    if message.is_single and refused:
        words = {"code": refused[0].code, "detail": refused[0].detail}
        return Answer(422, {"status": "refused", **words})
    received = len(message.items)
    document = {
        "received": received,
        "queued": received - len(refused),
        "refused": [
            {"index": index, "code": each.code, "detail": each.detail}
            for index, each in sorted(refused.items())
        ],
    }
    return Answer(202, document)
