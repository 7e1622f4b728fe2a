"""Servers that get webhooks and mail in tests: real ones, on loopback, as bad as they may be."""

import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

CERTIFICATE = Path(__file__).parent / "hooks.pem"  # for hooks.example.test and 127.0.0.3
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def status(code: int, *lines: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {code} Whatever", *lines, "", ""]).encode()


class Request(NamedTuple):
    """As it came."""

    line: str
    headers: dict[str, str]
    body: bytes
    at: float


class Server:
    """Answers each connection with bytes, or as a function of its socket does."""

    def __init__(self, host: str, *, is_secure: bool) -> None:
        self.answer: bytes | Callable[[Any], None] = OK
        self.requests: list[Request] = []
        self.connections = 0
        self.released = threading.Event()
        self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        self._server = socketserver.ThreadingTCPServer(
            (host, 0), self._handler(), bind_and_activate=False
        )
        self._server.daemon_threads = True
        self._server.request_queue_size = 100
        self._server.server_bind()
        self._server.server_activate()
        self._secure = None
        if is_secure:
            self._secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._secure.load_cert_chain(CERTIFICATE)
        self.host, self.port = host, self._server.server_address[1]

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with outer._lock:
                    outer.connections += 1
                    outer._at_once += 1
                    outer.most_at_once = max(outer.most_at_once, outer._at_once)
                try:
                    outer._serve(self.request)
                except OSError:
                    pass  # the other side has gone, as some tests want
                finally:
                    with outer._lock:
                        outer._at_once -= 1

        return Handler

    def _serve(self, line: Any) -> None:
        if self.answer is never_shakes_hands:
            self.released.wait(30)
            return
        if self._secure:
            with self._secure.wrap_socket(line, server_side=True) as secure:
                self._answer(secure)
        else:
            self._answer(line)

    def _answer(self, line: Any) -> None:
        self.requests.append(_read(line))
        if isinstance(self.answer, bytes):
            line.sendall(self.answer)
        else:
            self.answer(line)

    def hangs(self, line: Any) -> None:
        """Until the test is over, or says so."""
        self.released.wait(30)
        line.sendall(OK)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/hook"

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


def never_shakes_hands(_line: Any) -> None:
    raise AssertionError("it is told apart before")


def drips(line: Any) -> None:
    """A byte now and then, each in time."""
    for _ in range(1000):
        line.sendall(b"H")
        time.sleep(0.05)


def floods(line: Any) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(10_000):
        line.sendall(b"X-More: and more\r\n" * 10)


@contextmanager
def server(host: str = "127.0.0.1", *, is_secure: bool = False) -> Iterator[Server]:
    one = Server(host, is_secure=is_secure)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        one.stop()
        thread.join(10)


def _read(line: Any) -> Request:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = line.recv(65_536)
        if not chunk or chunk.startswith(b"\x16\x03"):  # gone, or speaking TLS to a plain server
            return Request("", {}, data, time.monotonic())
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {k.lower(): v for k, v in (each.split(": ", 1) for each in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += line.recv(65_536)
    return Request(first, headers, body, time.monotonic())
