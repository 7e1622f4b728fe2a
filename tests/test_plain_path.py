"""README's path without make: environment, requirements, tables, demo data, server, log-in."""

import http.cookiejar
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.plainpath


def typed() -> list[list[str]]:
    """The commands of README's block for those without make, as words."""
    text = (ROOT / "README.md").read_text()
    block = text.split("### Without make", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    return [shlex.split(line, comments=True) for line in block.splitlines() if line.strip()]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What git would give a newcomer."""
    kept = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in kept.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes((ROOT / name).read_bytes())
    return tmp_path


@pytest.fixture
def served(checkout: Path) -> Iterator[str]:
    """The address of the server that README's last command starts."""
    names = ("DATABASE_URL", "SECRET_KEY", "DEBUG", "DEMO", "ALLOWED_HOSTS", "HOST", "PORT")
    settings = (*names, "EVENT_SINK", "INGEST_RATE", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in settings}
    first, *rest = typed()
    commands = [[sys.executable, *first[1:]], *rest]
    for words in commands[:-1]:
        subprocess.run(words, cwd=checkout, env=environment, check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    last = [*commands[-1], "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen(last, cwd=checkout, env=environment)
    try:
        _await(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert server.poll() is None
        try:
            urllib.request.urlopen(address)
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server does not answer.")


def test_a_newcomer_without_make_logs_in_and_sees_figures(served: str) -> None:
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    browser.open(f"{served}/login/")
    form = {
        "username": "demo-manager",
        "password": "demo",
        "csrfmiddlewaretoken": next(each.value for each in cookies if each.name == "csrftoken"),
    }
    page = browser.open(f"{served}/login/", urllib.parse.urlencode(form).encode())
    text = page.read().decode()
    assert "Demo factory" in text
    assert re.search(r"\d\d\.\d\s%", text)
