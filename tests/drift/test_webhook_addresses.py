"""Where webhooks do not go: no spelling of a machine inside is let through."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from drift.domain.destinations import (
    MAX_URL,
    RefusedError,
    Target,
    check,
    is_allowed,
    target_of,
)
from drift.notifying import webhooks
from drift.notifying.webhooks import Policy
from tests.drift.receivers import Server, server

PUBLIC = "93.184.215.14"

SPELLINGS = Path(__file__).with_name("inside_addresses.txt").read_text("utf-8").split()
WITH_SPACES = [
    "https://127.0.0.1:{port}/\r\nX-Injected: yes",
    "https://127.0.0.1\n.example.com:{port}/",
    "https://\t127.0.0.1:{port}/",
    " https://127.0.0.1:{port}/",
    "https://127.0.0.1 .example.com:{port}/",
    "https://exam ple.com/",
    "https://example.com/\x00",
    "",
]


@pytest.fixture(scope="module")
def traps() -> Iterator[list[Server]]:
    """Whoever is let in meets one of these."""
    with server("127.0.0.1") as four, server("127.0.0.2", is_secure=True) as other:
        yield [four, other]


@pytest.mark.parametrize("spelling", [*SPELLINGS, *WITH_SPACES])
def test_no_spelling_leads_inside(spelling: str, traps: list[Server]) -> None:
    outcome = webhooks.post(spelling.format(port=traps[0].port), b"{}", {}, by=webhooks.policy())
    assert outcome.said.startswith("Refused:"), outcome
    assert [trap.connections for trap in traps] == [0, 0]


def test_there_are_enough_of_them() -> None:
    assert len({*SPELLINGS, *WITH_SPACES}) > 100


INSIDE = ["127.0.0.1", "127.8.8.8", "10.2.3.4", "169.254.169.254", "172.20.0.9", "192.168.1.20"]


def _spelled(number: int) -> dict[str, str]:
    octets = list(number.to_bytes(4, "big"))
    a, b, c, d = octets
    return {
        "dword": str(number),
        "hex dword": hex(number),
        "octal dword": f"0{number:o}",
        "hex": ".".join(map(hex, octets)),
        "octal": ".".join(f"0{octet:o}" for octet in octets),
        "two parts": f"{a}.{number & 0xFFFFFF}",
        "three parts": f"{a}.{b}.{c * 256 + d}",
        "mixed": f"{a:#x}.{b}.0{c:o}.{d}",
        "trailing dot": f"{a}.{b}.{c}.{d}.",
    }


@pytest.mark.parametrize("address", INSIDE)
def test_what_a_resolver_makes_of_odd_numbers_is_refused_twice(address: str) -> None:
    """By its spelling, and were that let through, by what it means."""
    for name, spelling in _spelled(int(ipaddress.IPv4Address(address))).items():
        with pytest.raises(RefusedError):
            target_of(f"https://{spelling}/")
        if name != "trailing dot":  # which this machine's resolver knows not as a number
            (found,) = webhooks.look_up(spelling, 443)
            assert (found, is_allowed(ipaddress.ip_address(found))) == (address, False)


# --- names ----------------------------------------------------------------------------------------


def to(*addresses: str) -> Policy:
    """As the product's, with a name server that gives these."""
    return Policy(look_up=lambda _host, _port: list(addresses))


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.0.0.5",),
        ("::1",),
        ("fe80::1%eth0",),
        ("::ffff:10.0.0.5",),
        ("64:ff9b::10.0.0.5",),
        ("2002:a00:5::1",),
        (PUBLIC, "127.0.0.1"),
        ("127.0.0.1", PUBLIC),
        (PUBLIC, PUBLIC, PUBLIC, "169.254.169.254"),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "fd00::1"),
    ],
)
def test_a_name_with_an_address_inside_is_refused(addresses: tuple[str, ...]) -> None:
    outcome = webhooks.post("https://hooks.example.com/", b"{}", {}, by=to(*addresses))
    assert outcome.said == "Refused: The host is not a public one."


def test_it_does_not_say_what_a_name_means() -> None:
    """Else it would be a map of the inside."""
    outcome = webhooks.post("https://intranet.example.com/", b"{}", {}, by=to("10.1.2.3"))
    assert "10." not in outcome.said


def test_a_name_that_means_something_else_a_moment_later_gains_nothing() -> None:
    """127.0.0.2 stands for a public address here; the trap is at 127.0.0.1, on the same port."""
    answers = iter([["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]])
    with server("127.0.0.2") as good:
        trap = socket.create_server(("127.0.0.1", good.port))
        trap.settimeout(0.2)
        by = Policy(
            networks=(ipaddress.ip_network("127.0.0.2/32"),),
            plain_http=True,
            look_up=lambda _host, _port: next(answers),
        )
        url = f"http://rebinding.example.com:{good.port}/"
        assert webhooks.post(url, b"{}", {}, by=by).is_sent
        assert len(good.requests) == 1
        assert good.requests[0].headers["host"] == f"rebinding.example.com:{good.port}"
        with trap, pytest.raises(TimeoutError):
            trap.accept()
        assert next(answers) == ["127.0.0.1"]  # it was asked once
        assert not webhooks.post(url, b"{}", {}, by=by).is_sent


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(code: int) -> None:
    with server() as good, server("127.0.0.2") as trap:
        location = f"Location: http://127.0.0.2:{trap.port}/"
        good.answer = f"HTTP/1.1 {code} Elsewhere\r\n{location}\r\n\r\n".encode()
        by = Policy(networks=(ipaddress.ip_network("127.0.0.0/8"),), plain_http=True)
        outcome = webhooks.post(good.url, b"{}", {}, by=by)
        assert outcome.said == f"Answered {code}; redirects are not followed."
        assert (outcome.is_sent, trap.connections) == (False, 0)


def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as good, server("127.0.0.2") as trap:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.2:{trap.port}")
        by = Policy(networks=(ipaddress.ip_network("127.0.0.1/32"),), plain_http=True)
        assert webhooks.post(good.url, b"{}", {}, by=by).is_sent
        assert trap.connections == 0


# --- what is let in -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url, target",
    [
        ("https://example.com", Target("https", "example.com", 443, "/")),
        ("HTTPS://Example.COM/Hook?a=b", Target("https", "example.com", 443, "/Hook?a=b")),
        ("https://example.com:8443/x", Target("https", "example.com", 8443, "/x")),
        ("https://xn--bcher-kva.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
        (f"https://{PUBLIC}/", Target("https", PUBLIC, 443, "/")),
        ("https://[2606:4700::6810:84e5]/", Target("https", "2606:4700::6810:84e5", 443, "/")),
    ],
)
def test_public_addresses_are_read(url: str, target: Target) -> None:
    assert target_of(url) == target
    check(url, networks=(), plain_http=False)


def test_a_url_has_a_limit() -> None:
    long = "https://example.com/" + "x" * MAX_URL
    assert target_of(long[:MAX_URL])
    with pytest.raises(RefusedError, match="500 characters"):
        target_of(long[: MAX_URL + 1])


def test_the_host_header_names_what_was_asked_for() -> None:
    assert target_of("https://[2606:4700::1]:8443/").authority == "[2606:4700::1]:8443"
    assert target_of("https://example.com:443/").authority == "example.com"


def test_behind_nat64_the_address_inside_decides() -> None:
    assert is_allowed(ipaddress.ip_address(f"64:ff9b::{PUBLIC}"))
    assert not is_allowed(ipaddress.ip_address("64:ff9b::192.168.0.1"))


def test_a_named_network_is_let_in_and_no_other() -> None:
    networks = [ipaddress.ip_network("10.20.0.0/24"), ipaddress.ip_network("fd00:1::/64")]
    assert is_allowed(ipaddress.ip_address("10.20.0.7"), networks)
    assert is_allowed(ipaddress.ip_address("fd00:1::7"), networks)
    assert not is_allowed(ipaddress.ip_address("10.20.1.7"), networks)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "224.0.0.1", "::", "0.0.0.0"]
)
def test_some_are_never_let_in(address: str) -> None:
    everything = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
    assert not is_allowed(ipaddress.ip_address(address), everything)


@given(st.ip_addresses())
def test_nothing_that_python_knows_as_inside_is_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_allowed(address):
        inner = int(address) & 0xFFFF_FFFF if address in ipaddress.ip_network("64:ff9b::/96") else 0
        judged = ipaddress.IPv4Address(inner) if inner else address
        assert judged.is_global
        assert not judged.is_multicast
        assert not judged.is_reserved


@given(st.ip_addresses(v=4))
def test_no_clothes_make_an_inner_address_public(address: ipaddress.IPv4Address) -> None:
    if not is_allowed(address):
        number = int(address)
        for dressed in (
            f"::ffff:{address}",
            f"::{address}",
            f"64:ff9b::{address}",
            f"64:ff9b:1::{address}",
            str(ipaddress.IPv6Address((0x2002 << 112) | number << 80)),
            str(ipaddress.IPv6Address((0x2001_0000 << 96) | number ^ 0xFFFF_FFFF)),
        ):
            assert not is_allowed(ipaddress.ip_address(dressed)), dressed


def test_settings_let_nothing_in_by_themselves(settings: Settings) -> None:
    by = webhooks.policy()
    assert (by.networks, by.plain_http) == ((), False)
    assert by.tls.verify_mode == ssl.CERT_REQUIRED
    assert by.tls.check_hostname
