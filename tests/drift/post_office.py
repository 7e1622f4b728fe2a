"""A mail server for tests: takes letters, or refuses as it is told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message


class PostOffice:
    """Speaks enough SMTP; `refusals` maps a command such as RCPT to what is said instead."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.refusals: dict[str, bytes] = {}
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer._talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def _talk(self, line: socketserver.StreamRequestHandler) -> None:
        line.wfile.write(b"220 here\r\n")
        while words := line.rfile.readline().decode().upper().split(":")[0].split():
            answer = self.refusals.get(words[0], b"250 fine")
            if words[0] == "DATA" and words[0] not in self.refusals:
                line.wfile.write(b"354 go on\r\n")
                self.letters.append(_letter(line))
            if words[0] == "QUIT":
                answer = b"221 bye"
            line.wfile.write(answer + b"\r\n")

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _letter(line: socketserver.StreamRequestHandler) -> Message:
    lines = []
    while (each := line.rfile.readline()) not in (b".\r\n", b""):
        lines.append(each)
    return message_from_bytes(b"".join(lines))


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    thread = threading.Thread(target=office.run, daemon=True)
    thread.start()
    try:
        yield office
    finally:
        office.stop()
        thread.join(10)
