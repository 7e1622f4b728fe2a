"""A screen's key on every address × method: nothing but the screen's own pages knows it.

Addresses come from the URL configuration itself: one that is added is asked here too.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.floor import NOW, Floor, taken_back
from workers import screens
from workers.models import WallScreen

METHODS = ("get", "post", "put", "patch", "delete")
OWN = {"screen/", "screen/floor/", "screen/figures/"}
# One object's id stands for all: whose it is does not matter to who may see none.
PARTS = {"code": "F1", "str": "x", "slug": "x", "path": "workers/worker"}


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Every address of the server, with something that exists in its places."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield _filled(route)
        else:
            yield from addresses(pattern.url_patterns, route)


def _filled(route: str) -> str:
    plain = re.sub(r"\(\?P<\w+>([^)]*)\)", lambda found: _one_of(found[1]), route)
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda found: PARTS.get(found[1] or "str", "1"), plain)
    return re.sub(r"[\^$\\]", "", plain)


def _one_of(choices: str) -> str:
    return choices.split("|", maxsplit=1)[0] if "|" in choices else "1"


ADDRESSES = sorted(set(addresses(get_resolver().url_patterns)))


@pytest.fixture
def key(floor: Floor) -> str:
    return screens.create(WallScreen(site=floor.site, name="G", shows_workers=True), at=NOW).key


def test_the_screen_s_own_addresses_are_among_them() -> None:
    assert set(ADDRESSES) >= OWN


@pytest.mark.parametrize("method", METHODS)
def test_a_screen_is_a_stranger_everywhere_else(key: str, method: str) -> None:
    """With its cookie, which would not even be sent there, and its key in the address."""
    found = []
    for path in sorted(set(ADDRESSES) - OWN):
        stranger = _status(Client(), path, method)
        screen = _status(_browser(key), f"{path}?kiosk={key}&key={key}", method)
        if stranger != screen:
            found.append(f"{method} {path}: {screen}, a stranger gets {stranger}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "Screen"])
def test_its_key_is_no_token_of_the_api(key: str, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {key}"}
    for path in ADDRESSES:
        if path.startswith(("api/v1/", "screen/f")):
            assert _status(Client(headers=headers), path, "get") >= 300, path


@pytest.mark.parametrize("path", sorted(OWN - {"screen/"}))
def test_its_own_pages_take_the_cookie(key: str, path: str) -> None:
    assert _status(_browser(key), path, "get") == 200


def _browser(key: str) -> Client:
    client = Client()
    client.cookies["screen"] = key
    return client


def _status(client: Client, path: str, method: str) -> int:
    client.raise_request_exception = False
    with taken_back():
        status: int = getattr(client, method)(f"/{path}").status_code
    return status
