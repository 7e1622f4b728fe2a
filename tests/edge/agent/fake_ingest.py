"""A real little HTTP server that ingests as the server does: answers each item, stores once."""

import gzip
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

HANG_UP = 0
PATIENCE_S = 20
KEY = ("camera_id", "worker_id", "workstation_id", "event_type", "timestamp")

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """Status HANG_UP closes the connection without a word. `stores` says what was done before."""

    status: int
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    stores: bool = False


@dataclass(frozen=True)
class Request:
    headers: dict[str, str]
    size: int  # on the wire
    document: Any
    at: float

    @property
    def events(self) -> list[Json]:
        return self.document if isinstance(self.document, list) else self.document["events"]

    @property
    def is_heartbeat(self) -> bool:
        return isinstance(self.document, dict)


MOODS = (
    Reply(503, headers={"Retry-After": "0"}),
    Reply(502, "<h1>oops</h1>"),
    Reply(429),
    *[Reply(200, "<h1>log in</h1>")] * 3,
    Reply(HANG_UP),
    Reply(HANG_UP, stores=True),
)


class FakeIngest:
    """Gives the replies queued in `replies`, then `always`, then what the contract says."""

    def __init__(
        self,
        *,
        refused: Callable[[Json], str] = lambda _: "",
        spoiled: Callable[[Json], bool] = lambda _: False,
        spoils: Reply | None = None,
        port: int = 0,
    ) -> None:
        self.requests: list[Request] = []
        self.replies: deque[Reply] = deque()
        self.always: Reply | None = None
        self.stored: dict[tuple[str, ...], Json] = {}
        self.stored_at: dict[tuple[str, ...], float] = {}
        self.refused, self.spoiled, self.spoils = refused, spoiled, spoils
        self.delay = 0.0
        self.moods: Random | None = None  # draws some of the answers from MOODS
        self._changed = threading.Condition()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        return self._http.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def wait_until(self, is_reached: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        with self._changed:
            assert self._changed.wait_for(is_reached, timeout=seconds), self.story()

    def wait_for_stored(self, count: int, seconds: float = PATIENCE_S) -> list[Json]:
        self.wait_until(lambda: len(self.stored) >= count, seconds)
        return list(self.stored.values())

    def wait_for_requests(self, count: int) -> list[Request]:
        self.wait_until(lambda: len(self.requests) >= count)
        return list(self.requests)

    def batches(self) -> list[int]:
        """How many events there were in each request but the heartbeats."""
        return [len(each.events) for each in list(self.requests) if not each.is_heartbeat]

    def story(self) -> str:
        return f"{len(self.stored)} stored in {len(self.requests)} requests: {self.batches()[-20:]}"

    def answer(self, request: Request) -> Reply:
        time.sleep(self.delay)
        with self._changed:
            self.requests.append(request)
            reply = self.replies.popleft() if self.replies else self.always
            if self.moods is not None and self.moods.random() < 0.3:
                reply = self.moods.choice(MOODS)
            if any(map(self.spoiled, request.events)):
                reply = self.spoils
            if reply is None or reply.stores:
                receipt = self._receipt(request)
                reply = reply or Reply(200, json.dumps(receipt))
            self._changed.notify_all()
        return reply

    def _receipt(self, request: Request) -> Json:
        receipt: Json = {"accepted": 0, "duplicate": 0, "refused": []}
        for index, event in enumerate(request.events):
            code, key = self.refused(event), tuple(event.get(name, "") for name in KEY)
            if code:
                receipt["refused"].append({"index": index, "code": code, "detail": f"no {code}"})
            elif key in self.stored:
                receipt["duplicate"] += 1
            else:
                self.stored[key], self.stored_at[key] = event, time.monotonic()
                receipt["accepted"] += 1
        return {"received": len(request.events), **receipt}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    owner: FakeIngest

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        size = len(body)
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        document = json.loads(body)
        request = Request(dict(self.headers), size, document, time.monotonic())
        reply = self.owner.answer(request)
        if reply.status == HANG_UP:
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        headers = {"Date": self.date_time_string(), **reply.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body.encode())))
        self.end_headers()
        self.wfile.write(reply.body.encode())

    def log_message(self, *_: Any) -> None:
        """The tests read requests, not logs."""
