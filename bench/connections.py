"""Keep-alive connections with as little work of their own as possible: there are but few cores."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import Barrier, Thread
from time import perf_counter
from typing import NamedTuple

PATIENCE_S = 120


class UnexpectedAnswer(Exception):
    """A server answered something else than what is being measured."""


class Answer(NamedTuple):
    """An HTTP answer."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value; empty where there is none."""
        for line in self.head.split(b"\r\n"):
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.encode():
                return value.strip().decode()
        return ""


def request(
    method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One socket, one request at a time."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, asked: bytes) -> Answer:
        """Sends a request and reads its answer whole."""
        self._socket.sendall(asked)
        data = self._socket.recv(65_536)
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        answer = Answer(int(data[9:12]), data[:end], data[end + 4 :])
        wanted, parts = int(answer.header("content-length") or 0), [answer.body]
        missing = wanted - len(answer.body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return answer if len(parts) == 1 else answer._replace(body=b"".join(parts))

    def get(self, asked: bytes) -> bytes:
        """The body of a 200. Raises UnexpectedAnswer."""
        answer = self.ask(asked)
        if answer.status != 200:
            raise UnexpectedAnswer(f"{answer.status} instead of 200: {answer.body[:200]!r}")
        return answer.body

    def close(self) -> None:
        """Ends the connection."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 20)
        if not data:
            raise UnexpectedAnswer("The server closed the connection.")
        return data


@contextmanager
def connected(port: int, number: int = 1) -> Iterator[list[Connection]]:
    """So many connections to a server."""
    with ExitStack() as stack:
        opened = [Connection(port) for _ in range(number)]
        for each in opened:
            stack.callback(each.close)
        yield opened


def ask_all(
    connections: Sequence[Connection], asked: Sequence[Sequence[bytes]], *, expect: int
) -> float:
    """Seconds until every connection, in a thread of its own, has its own requests answered."""
    start = Barrier(len(connections) + 1)
    wrong: list[Answer] = []

    def talk(connection: Connection, mine: Sequence[bytes]) -> None:
        start.wait()
        for each in mine:
            answer = connection.ask(each)
            if answer.status != expect:
                wrong.append(answer)

    pairs = zip(connections, asked, strict=True)
    threads = [Thread(target=talk, args=pair, daemon=True) for pair in pairs]
    for thread in threads:
        thread.start()
    start.wait()
    began = perf_counter()
    for thread in threads:
        thread.join()
    took = perf_counter() - began
    if wrong:
        raise UnexpectedAnswer(f"{wrong[0].status} instead of {expect}: {wrong[0].body[:200]!r}")
    return took
