"""Chromium from the system, and what no page may do: log an error, or ask another host."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError
from pytest_django.live_server_helper import LiveServer

# Playwright's event loop runs in the thread of the tests, where Django then refuses its ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--no-first-run",
]
if os.geteuid() == 0:
    QUIET.append("--no-sandbox")  # as root Chromium starts only without


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.fail("There is no Chromium on the PATH: run scripts/install_chromium.sh")
    return {**browser_type_launch_args, "executable_path": found, "args": QUIET}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """So that `page.goto("/")` asks the live server."""
    return live_server.url


@pytest.fixture
def page_problems() -> Iterator[list[str]]:
    """What this test's pages did wrong. A test that provokes an error looks and clears it."""
    problems: list[str] = []
    yield problems
    assert problems == []


@pytest.fixture
def new_context(
    page_problems: list[str],  # first, so that it is judged last, when the contexts are closed
    new_context: Callable[..., BrowserContext],
    base_url: str,
) -> Callable[..., BrowserContext]:
    """As pytest-playwright's, but watched; `context` and `page` come from here."""

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        _watch(context, urlsplit(base_url).netloc, page_problems)
        return context

    return watched


def _watch(context: BrowserContext, own_host: str, problems: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text} ({message.location['url']})")

    def on_error(error: WebError) -> None:
        problems.append(f"page error: {error.error}")

    def on_request(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != own_host:
            problems.append(f"request to another host: {request.url}")

    context.on("console", on_console)
    context.on("weberror", on_error)
    context.on("request", on_request)
