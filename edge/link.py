"""Posts bodies to the ingest API over one kept-alive HTTP connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from edge.answer import NO_ANSWER, Answer
from edge.wire import Body

INGEST_PATH = "/api/v1/events/"
SNAPSHOTS_PATH = "/api/v1/snapshots/"
TIMEOUT_SECONDS = 10.0


class Link(Protocol):
    """The way to the server; it always gives an answer and never raises."""

    def post(self, body: Body, *, path: str = INGEST_PATH) -> Answer: ...

    def close(self) -> None: ...


def server_address(url: str) -> SplitResult:
    """The parts of a server's address; raises ValueError with a clear text."""
    parts = urlsplit(url)
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not (is_plain and parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0):
        raise ValueError(f'"{url}" is not an address such as http://127.0.0.1:8000')
    return parts


class HttpLink:
    """A Link to one server with one ingest key."""

    def __init__(self, url: str, key: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        address = server_address(url)
        secure = address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(address.hostname or "", address.port, timeout=timeout)
        self._prefix = address.path.rstrip("/")
        self._authorization = f"Bearer {key}"

    def post(self, body: Body, *, path: str = INGEST_PATH) -> Answer:
        is_reused = self._connection.sock is not None
        answer = self._attempt(body, path)
        if is_reused and answer.status == NO_ANSWER:
            return self._attempt(body, path)  # the server had hung up in between
        return answer

    def close(self) -> None:
        self._connection.close()

    def _attempt(self, body: Body, path: str) -> Answer:
        headers = {"Authorization": self._authorization, "Content-Type": body.content_type}
        try:
            self._connection.request("POST", self._prefix + path, body.content, headers)
            response = self._connection.getresponse()
            return Answer(
                status=response.status,
                receipt=_receipt(response.read()),
                retry_after=_seconds(response.getheader("Retry-After")),
            )
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return Answer(NO_ANSWER, problem=str(error) or type(error).__name__)


def _receipt(content: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After as seconds from now; it may be a number or a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        wait = parsedate_to_datetime(retry_after) - datetime.now(timezone.utc)
    except (TypeError, ValueError):
        return None
    return max(wait.total_seconds(), 0.0)
