"""The demo as it runs: history up to now, then a server, and cameras that send to it over HTTP."""

import json
import socket
import sys
import time
import urllib.request
from collections.abc import Sequence

from django.conf import settings
from django.core.management import call_command

from common import clock
from common.address import server_url
from common.instants import to_ms
from demo.children import Children
from demo.domain.edge_plan import edge_plan
from demo.domain.factory import PLAN, REPORTING_INTERVAL_S
from demo.keys import demo_key
from demo.seeding import seed_days

SEED = 1  # that of `seed_demo`
START_S = 60  # a slow machine takes a while to start a server
POLL_S = 0.1


class CannotRunError(Exception):
    """Says what is in the way and what to do."""


def bring_up(children: Children, *, days: int) -> None:
    """Starts everything; returns when the server answers and the cameras are switched on."""
    _require_demo()
    _require_free_port()
    call_command("migrate", interactive=False, verbosity=0)
    # The server gets ready while history is written.
    children.start("The server", _python("manage.py", "serve", "--verbosity", "0"))
    seed_days(days=days, until=to_ms(clock.now()), seed=SEED)
    _await_answer(children)
    children.start("The simulation of cameras", _python("-m", "edge", *_simulation()))


def _require_demo() -> None:
    if not settings.DEMO:
        raise CannotRunError("The demo runs only with DEMO=1, on a loopback HOST.")


def _require_free_port() -> None:
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    try:
        socket.create_server((settings.HOST, settings.PORT), family=family).close()
    except OSError as error:
        raise CannotRunError(
            f"Port {settings.PORT} cannot be used ({error.strerror}); "
            f"try another: PORT={settings.PORT % 65_535 + 1} make demo"
        ) from error


def _await_answer(children: Children) -> None:
    give_up_at = time.monotonic() + START_S
    while not _answers():
        children.check()
        if time.monotonic() > give_up_at:
            raise CannotRunError(f"The server does not answer at {server_url()}/healthz.")
        time.sleep(POLL_S)


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"{server_url()}/healthz", timeout=START_S):  # noqa: S310 - http, ours
            return True
    except OSError:
        return False


def _simulation() -> Sequence[str]:
    plan = settings.VAR_DIR / "demo_plan.json"
    keys = {station.camera: demo_key(station.camera).text for station in PLAN.stations}
    plan.parent.mkdir(exist_ok=True)
    plan.write_text(json.dumps(edge_plan(PLAN, keys), indent=1))
    interval = str(REPORTING_INTERVAL_S)
    return "simulate", "--url", server_url(), "--plan", str(plan), "--interval", interval, "--quiet"


def _python(*words: str) -> list[str]:
    return [sys.executable, *words]
