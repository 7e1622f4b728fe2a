#!/usr/bin/env python3
"""Lighthouse scores of the overview and the live floor, served as in production.

Ends with 1 where one is below 95. Needs Node 18.20 or newer with npx, which fetches Lighthouse, and
Chromium. Data is a demo of its own up to now, which goes away afterwards.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LIGHTHOUSE = "lighthouse@12"  # the newest that runs on Node 18, 20 and later
WANTED = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
PAGES = {"overview": "/sites/F1/?period=today", "live floor": "/sites/F1/floor/"}
DEVICES = {"mobile": [], "desktop": ["--preset=desktop"]}
DAYS = "2"
PROXIED = {"X-Forwarded-Proto": "https"}  # as if TLS ended before the server
START_S = 60
SESSION = """
from django.test import Client
from workers.models import Membership, Role, Site, User
user = User.objects.create_user(username="lighthouse")
Membership.objects.create(user=user, site=Site.objects.get(code="F1"), role=Role.MANAGER)
client = Client()
client.force_login(user, backend="workers.authentication.MembershipBackend")
print(client.cookies["sessionid"].value)
"""


def main() -> None:
    npx, chromium = _tools()
    with tempfile.TemporaryDirectory(prefix="factory-lighthouse-") as folder:
        port, debugging = _free_port(), _free_port()
        address = f"http://localhost:{port}"
        environment = _environment(Path(folder), port)
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "seed_demo", "--days", DAYS, "--verbosity", "0")
        session = _manage(environment, "shell", "--no-imports", "-c", SESSION).strip()
        cookie = {"name": "sessionid", "value": session, "url": address}
        with _served(environment, address), _browser(chromium, folder, debugging, cookie):
            measured = [
                (page, device, _measured(npx, f"{address}{path}", debugging, options))
                for page, path in PAGES.items()
                for device, options in DEVICES.items()
            ]
    sys.exit(_report(measured))


def _tools() -> tuple[str, str]:
    npx = shutil.which("npx")
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not npx:
        sys.exit("Lighthouse needs Node 18.20 or newer with npx on the PATH, and there is none.")
    if not chromium:
        sys.exit("Lighthouse needs Chromium: run scripts/install_chromium.sh")
    return npx, chromium


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Production's settings; behind no proxy, so that the header of one is sent along."""
    return os.environ | {
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{folder}/lighthouse.sqlite3",
        "DEBUG": "0",
        "DEMO": "0",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SECRET_KEY": secrets.token_urlsafe(64),
    }


def _manage(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr or done.stdout)
    return done.stdout


@contextmanager
def _served(environment: dict[str, str], address: str) -> Iterator[None]:
    command = [sys.executable, "manage.py", "serve", "--verbosity", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            _await_answer(f"{address}/healthz")
            yield
        finally:
            server.terminate()


def _await_answer(url: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    sys.exit("The server did not answer.")


@contextmanager
def _browser(chromium: str, folder: str, port: int, cookie: Any) -> Iterator[None]:
    """Logged in: Lighthouse leaves cookies alone, and empties the cache before each run."""
    words = [f"--remote-debugging-port={port}", "--disable-gpu", "--no-sandbox"]
    with sync_playwright() as tools:
        profile = f"{folder}/profile"
        context = tools.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=words
        )
        context.add_cookies([cookie])
        yield
        context.close()


def _measured(npx: str, url: str, debugging: int, options: list[str]) -> dict[str, Any]:
    """The answer of one run."""
    command = [
        *(npx, "--yes", LIGHTHOUSE, url, *options, f"--port={debugging}"),
        *("--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"),
        f"--extra-headers={json.dumps(PROXIED)}",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:  # now and then a busy machine misses the beginning of a page
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit("Lighthouse has failed; see above. It needs Node 18.20 or newer.")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _report(measured: list[tuple[str, str, dict[str, Any]]]) -> int:
    lowest = 100
    print(f"{'':12}{'':9}" + "".join(f"{name:>16}" for name in CATEGORIES))
    for page, device, found in measured:
        scores = [round(100 * found["categories"][name]["score"]) for name in CATEGORIES]
        print(f"{page:12}{device:9}" + "".join(f"{score:>16}" for score in scores))
        lowest = min(lowest, *scores)
        for reason in _reasons(found):
            print(f"  {reason}")
    print(f"Wanted: {WANTED} each.")
    return int(lowest < WANTED)


def _reasons(found: dict[str, Any]) -> Iterator[str]:
    """The audits that cost points."""
    for name in CATEGORIES:
        for each in found["categories"][name]["auditRefs"]:
            audit = found["audits"][each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{name}: {audit['title']} {audit.get('displayValue', '')}".rstrip()


if __name__ == "__main__":
    main()
