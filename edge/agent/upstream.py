"""The way to the server: posts batches over one kept connection, and never raises."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Timer
from typing import Any, Callable

from edge.agent.journal import utc_now
from edge.agent.reply import NO_REPLY, Reply
from edge.link import INGEST_PATH, server_address

TIMEOUT_SECONDS = 10.0
DEADLINE = 3  # times the timeout: what drips longer than that is cut
LARGEST_REPLY = 2_000_000
WORTH_PACKING = 500  # bytes
HALF_A_SECOND = timedelta(seconds=0.5)  # the Date header has whole seconds, cut


class Upstream:
    """One server, one ingest key. Used by one thread."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        ca_file: Path | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        address = server_address(url)
        self._timeout, self._clock = timeout, clock
        self._path = address.path.rstrip("/") + INGEST_PATH
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._socket: socket.socket | None = None
        host = address.hostname or ""
        self._connection = http.client.HTTPConnection(host, address.port, timeout=timeout)
        if address.scheme == "https":
            context = ssl.create_default_context(cafile=ca_file)
            self._connection = http.client.HTTPSConnection(
                host, address.port, timeout=timeout, context=context
            )

    def post(self, body: bytes) -> Reply:
        """The server's reply; on a kept connection that had died in between, after a second try."""
        was_kept = self._connection.sock is not None
        reply = self._attempt(body)
        if was_kept and reply.status == NO_REPLY:
            return self._attempt(body)
        return reply

    def close(self) -> None:
        self._connection.close()

    def _attempt(self, body: bytes) -> Reply:
        watch = Timer(self._timeout * DEADLINE, self._cut)
        watch.daemon = True
        watch.start()
        try:
            return self._exchange(body)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return Reply(NO_REPLY, problem=str(error) or type(error).__name__)
        finally:
            watch.cancel()

    def _exchange(self, body: bytes) -> Reply:
        headers = self._headers
        if len(body) > WORTH_PACKING:
            body = gzip.compress(body, 5)
            headers = {**headers, "Content-Encoding": "gzip"}
        sent_at = self._clock()
        self._connection.request("POST", self._path, body, headers)
        self._socket = self._connection.sock  # the connection lets it go before the reply is read
        response = self._connection.getresponse()
        now = self._clock()
        content = response.read(LARGEST_REPLY + 1)
        if len(content) > LARGEST_REPLY:
            self._connection.close()
        return Reply(
            status=response.status,
            document=_document(content),
            retry_after=_seconds(response.getheader("Retry-After"), now),
            skew=_skew(response.getheader("Date"), sent_at, now),
        )

    def _cut(self) -> None:
        """From another thread: whatever waits for the socket gets an end."""
        for each in (self._socket, self._connection.sock):
            if each is not None:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


def _document(content: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _seconds(retry_after: str | None, now: datetime) -> float | None:
    """Retry-After as seconds from now; it may be a number or a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    moment = _moment(retry_after)
    return None if moment is None else max((moment - now).total_seconds(), 0.0)


def _skew(date: str | None, sent_at: datetime, now: datetime) -> float | None:
    """By how much our clock is ahead; known to half a second and half of the way there and back."""
    moment = _moment(date or "")
    if moment is None:
        return None
    return round((sent_at + (now - sent_at) / 2 - moment - HALF_A_SECOND).total_seconds(), 1)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment
