"""Where a webhook may go: to public machines over HTTPS, and to nothing inside.

A URL is read strictly, so that nobody else reads it differently; an address is judged by lists of
our own, since what a library calls global changes with its version.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL = 500
DEFAULT_PORTS = {"https": 443, "http": 80}
FIRST_FREE_PORT = 1024  # below it other protocols listen, which must not be talked to
LAST_PORT = 65_535
NOT_PUBLIC = "The host is not a public one."

_AUTHORITY = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:]+))(?::(?P<port>[0-9]{1,5}))?"
)
_ALLOWED = re.compile(r"[!-~]+")  # printable ASCII without the space
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]*|[0-9]+")  # what a resolver may read as an address


class RefusedError(ValueError):
    """Says why, in words for people."""


class Target(NamedTuple):
    """A URL taken apart."""

    scheme: str
    host: str  # a name, or an address without brackets
    port: int
    path: str  # with the query

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, plain_http: bool = False) -> Target:
    """Raises RefusedError for what is no plain address of a public HTTPS server."""
    parts = _split(url)
    if parts.scheme != "https" and not (plain_http and parts.scheme == "http"):
        raise RefusedError("The address must begin with https://")
    if "@" in parts.netloc:
        raise RefusedError("An address with a user or password in it is not accepted.")
    if "#" in url:
        raise RefusedError("An address with a # part is not accepted.")
    found = _AUTHORITY.fullmatch(parts.netloc)
    if not found:
        raise RefusedError("The address names no host that can be looked up.")
    is_v6 = found["v6"] is not None
    host = _literal(found["v6"], ipaddress.IPv6Address) if is_v6 else _name_or_v4(found["name"])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, _port(found["port"], parts.scheme), path)


def check(url: str, *, networks: Iterable[Network], plain_http: bool) -> None:
    """What can be said of a URL before anything is looked up. Raises RefusedError."""
    host = target_of(url, plain_http=plain_http).host
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if not is_allowed(address, networks):
        raise RefusedError(NOT_PUBLIC)


def is_allowed(address: Address, networks: Iterable[Network] = ()) -> bool:
    """Whether a connection to the address may be made; `networks` are let in besides."""
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id is not None:
        return False
    if _is_in(address, _NEVER):
        return False
    return _is_public(address) or _is_in(address, networks)


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL:
        raise RefusedError(f"An address may have {MAX_URL} characters.")
    if not _ALLOWED.fullmatch(url) or "\\" in url:
        raise RefusedError(
            "Write the address in ASCII, without spaces and backslashes; "
            "a name with other letters as xn--…"
        )
    try:
        return urlsplit(url)
    except ValueError as error:
        raise RefusedError("The address can't be read.") from error


def _name_or_v4(text: str) -> str:
    labels = text.lower().split(".")
    if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise RefusedError("The address names no host that can be looked up.")
    return _literal(text, ipaddress.IPv4Address) if _NUMBER.fullmatch(labels[-1]) else text.lower()


def _literal(text: str, kind: type[ipaddress.IPv4Address] | type[ipaddress.IPv6Address]) -> str:
    try:
        return str(kind(text))
    except ipaddress.AddressValueError as error:
        raise RefusedError(
            "Write a numeric host in its usual form, such as 203.0.113.7."
        ) from error


def _port(text: str | None, scheme: str) -> int:
    default = DEFAULT_PORTS[scheme]
    port = int(text) if text else default
    if port != default and not FIRST_FREE_PORT <= port <= LAST_PORT:
        raise RefusedError(f"The port must be {default}, or {FIRST_FREE_PORT} to {LAST_PORT}.")
    return port


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not _is_in(address, _INSIDE_V4)
    if address in _NAT64:  # how an IPv6-only network reaches IPv4: the last 32 bits are the address
        return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GLOBAL_V6 and not _is_in(address, _INSIDE_V6)


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(word) for word in text.split())


# IANA's registries of special-purpose addresses, and what clouds answer on.
_INSIDE_V4 = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24"
    " 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24"
    " 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32"
)
_GLOBAL_V6 = ipaddress.ip_network("2000::/3")  # all else is mapped, unique local, link-local, …
_INSIDE_V6 = _networks("2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Not even when settings let in a network around them: metadata services, link-local, multicast, …
_NEVER = _networks(
    "0.0.0.0/8 100.100.100.200/32 168.63.129.16/32 169.254.0.0/16 192.0.0.192/32 224.0.0.0/4"
    " 255.255.255.255/32 ::/128 fd00:ec2::254/128 fe80::/10 ff00::/8"
)
