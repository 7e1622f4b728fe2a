"""Sends one webhook: to an address that was looked at, within a deadline, without detours.

The name is looked up once, each address it has is judged, and the connection is made to one of
those, whatever the name may mean a moment later. No redirects, no proxies, and of the answer only
its head is read.
"""

import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings

from drift.domain import delivery
from drift.domain.delivery import Outcome
from drift.domain.destinations import (
    NOT_PUBLIC,
    Network,
    RefusedError,
    Target,
    is_allowed,
    target_of,
)

DEADLINE_S = 10.0  # for all of it
LOOK_UP_S = 5.0  # for the name; the system itself may take a minute
CONNECT_S = 3.0  # for one address
MAX_ADDRESSES = 3
MAX_BODY = 256 * 1024
MAX_ANSWER_HEAD = 16 * 1024
GONE = 410

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})[ \r\n]")
_INTERIM = re.compile(rb"HTTP/1\.[01] 1")
_RETRY_AFTER = re.compile(rb"\r\nretry-after:[ \t]*([0-9]{1,6})[ \t]*\r\n", re.IGNORECASE)


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, each once, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be reached, and who says what a name and a certificate are worth."""

    networks: tuple[Network, ...] = ()  # let in besides what is public
    plain_http: bool = False
    look_up: Callable[[str, int], Sequence[str]] = look_up
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def policy() -> Policy:
    """What settings allow: public machines over HTTPS, unless they name a network."""
    return _configured(tuple(settings.WEBHOOK_NETWORKS), settings.WEBHOOK_PLAIN_HTTP)


@cache
def _configured(networks: tuple[Network, ...], plain_http: bool) -> Policy:
    return Policy(networks, plain_http)


def post(url: str, body: bytes, headers: Mapping[str, str], *, by: Policy) -> Outcome:
    """One try. Never raises for what a receiver, a name server or the network does."""
    try:
        target = target_of(url, plain_http=by.plain_http)
        if len(body) > MAX_BODY:
            raise RefusedError(f"A message may have {MAX_BODY // 1024} KB.")
        left = _deadline()
        addresses = _judged_addresses(target, by)
        with _line(target, addresses, by, left) as line:
            line.settimeout(left())
            line.sendall(_request(target, body, headers))
            return _outcome(_head_of_answer(line, left))
    except RefusedError as error:
        return delivery.failed(f"Refused: {error}")
    except (OSError, UnicodeError) as error:
        return delivery.failed(_trouble(error))


def _judged_addresses(target: Target, by: Policy) -> Sequence[str]:
    """One address inside condemns the name: else a mixed answer would be a lottery."""
    addresses = _looked_up(target, by)
    for each in addresses:
        _judge(each, by)
    return addresses[:MAX_ADDRESSES]


def _looked_up(target: Target, by: Policy) -> Sequence[str]:
    """A name server that does not answer is left to a thread that nobody waits for."""
    answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(by.look_up(target.host, target.port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=min(LOOK_UP_S, DEADLINE_S))
    except queue.Empty:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer in time") from None
    if isinstance(answer, OSError | UnicodeError):
        raise answer
    return answer


def _judge(address: str, by: Policy) -> None:
    if not is_allowed(ipaddress.ip_address(address), by.networks):
        raise RefusedError(NOT_PUBLIC)


def _deadline() -> Callable[[], float]:
    """Seconds left, for the next step. Raises TimeoutError when there are none."""
    ends_at = time.monotonic() + DEADLINE_S

    def left() -> float:
        seconds = ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    return left


@contextmanager
def _line(
    target: Target, addresses: Sequence[str], by: Policy, left: Callable[[], float]
) -> Iterator[socket.socket]:
    with _connected(target, addresses, by, left) as plain:
        _judge(plain.getpeername()[0], by)  # what counts in the end is who is at the other end
        if target.scheme == "http":
            yield plain
            return
        plain.settimeout(left())
        with by.tls.wrap_socket(plain, server_hostname=target.host) as secure:
            yield secure


def _connected(
    target: Target, addresses: Sequence[str], by: Policy, left: Callable[[], float]
) -> socket.socket:
    trouble: OSError = socket.gaierror(socket.EAI_NONAME, "no address")
    for address in addresses:
        line = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        try:
            line.settimeout(min(CONNECT_S, left()))
            line.connect((address, target.port))
        except OSError as error:
            line.close()
            trouble = error
        else:
            return line
    raise trouble


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {
        "Host": target.authority,
        "User-Agent": "factory-productivity",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Accept": "*/*",
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _head_of_answer(line: socket.socket, left: Callable[[], float]) -> bytes:
    """Of the final answer: "100 Continue" and the like come before it."""
    heard = b""
    while True:
        head, end, rest = heard.partition(b"\r\n\r\n")
        if end and not _INTERIM.match(head):
            return head + b"\r\n"
        if end:
            heard = rest
            continue
        if len(heard) > MAX_ANSWER_HEAD:
            raise RefusedError("Its answer has too long a head.")
        line.settimeout(left())
        chunk = line.recv(4096)
        if not chunk:
            return heard
        heard += chunk


def _outcome(head: bytes) -> Outcome:
    found = _STATUS.match(head)
    if not found:
        return delivery.failed("It did not answer in HTTP.")
    status = int(found[1])
    if 200 <= status < 300:
        return delivery.sent(f"Answered {status}.")
    if 300 <= status < 400:
        return delivery.failed(f"Answered {status}; redirects are not followed.")
    rest = _RETRY_AFTER.search(head)
    rest_s = int(rest[1]) if rest else 0
    return delivery.failed(f"Answered {status}.", is_gone=status == GONE, rest_s=rest_s)


def _trouble(error: OSError | UnicodeError) -> str:
    if isinstance(error, TimeoutError):
        return "It did not answer in time."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not accepted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return "No secure connection could be made."
    if isinstance(error, socket.gaierror | UnicodeError):
        return "Its name could not be looked up."
    return f"No connection: {error.strerror or 'closed'}."
