"""A TCP proxy that does to connections what networks do: cuts, delays, truncates, resets, swallows.

A fault applies to connections made while it is set; `heal` ends it, and with it what hangs.
"""

import socket
import struct
import threading
import time
from contextlib import suppress
from enum import Enum

RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: close() sends a reset
PIECE = 4_096


class Fault(Enum):
    NONE = "passes everything on"
    CUT = "closes at once"
    RESET = "resets at once"
    RESET_ANSWER = "passes the request on, then resets instead of answering"
    HALF_REQUEST = "passes half of the request on, then closes"
    HALF_ANSWER = "passes the request on and half of the answer back, then closes"
    NO_ANSWER = "passes the request on, swallows the answer"
    BLACK_HOLE = "takes everything and says nothing"
    DELAY = "passes everything on, late"
    DRIP = "gives the answer one byte at a time, slowly"
    GARBAGE = "answers something that is no HTTP"


class FaultProxy:
    def __init__(self, port: int) -> None:
        self.goal = port
        self.fault = Fault.NONE
        self.delay = 0.3
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._is_stopped = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set(self, fault: Fault) -> None:
        """From now on, for connections that are open as well."""
        self.fault = fault
        self._close_all()

    def heal(self) -> None:
        self.set(Fault.NONE)

    def stop(self) -> None:
        self._is_stopped = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._close_all()

    def _accept(self) -> None:
        while not self._is_stopped:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client, self.fault), daemon=True).start()

    def _serve(self, client: socket.socket, fault: Fault) -> None:
        with self._lock:
            self._open.add(client)
        try:
            with suppress(OSError):
                self._treat(client, fault)
        finally:
            self._close(client)

    def _treat(self, client: socket.socket, fault: Fault) -> None:
        if fault is Fault.CUT:
            return
        if fault is Fault.RESET:
            _reset(client)
        elif fault is Fault.BLACK_HOLE:
            while client.recv(PIECE):
                pass
        elif fault is Fault.GARBAGE:
            client.recv(PIECE)
            client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
        else:
            self._pass(client, fault)

    def _pass(self, client: socket.socket, fault: Fault) -> None:
        if fault is Fault.DELAY:
            time.sleep(self.delay)
        with socket.create_connection(("127.0.0.1", self.goal), timeout=10) as server:
            server.settimeout(None)
            with self._lock:
                self._open.add(server)
            back = threading.Thread(target=self._back, args=(server, client, fault), daemon=True)
            back.start()
            try:
                self._forth(client, server, fault)
            finally:
                with suppress(OSError):
                    server.shutdown(socket.SHUT_WR)
                back.join()
                self._close(server)

    def _forth(self, client: socket.socket, server: socket.socket, fault: Fault) -> None:
        while piece := client.recv(PIECE):
            if fault is Fault.HALF_REQUEST:
                server.sendall(piece[: len(piece) // 2])
                return
            server.sendall(piece)

    def _back(self, server: socket.socket, client: socket.socket, fault: Fault) -> None:
        with suppress(OSError):
            while piece := server.recv(PIECE):
                if not self._answer(client, piece, fault):
                    return
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _answer(self, client: socket.socket, piece: bytes, fault: Fault) -> bool:
        """Whether to go on."""
        if fault is Fault.RESET_ANSWER:
            _reset(client)
            return False
        if fault is Fault.HALF_ANSWER:
            client.sendall(piece[: len(piece) - 10])
            client.shutdown(socket.SHUT_RDWR)
            return False
        if fault is Fault.DRIP:
            for byte in piece:
                client.sendall(bytes([byte]))
                time.sleep(self.delay)
        elif fault is not Fault.NO_ANSWER:
            client.sendall(piece)
        return True

    def _close_all(self) -> None:
        with self._lock:
            left = list(self._open)
        for each in left:
            self._close(each)

    def _close(self, sock: socket.socket) -> None:
        with self._lock:
            self._open.discard(sock)
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


def _reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    sock.close()
