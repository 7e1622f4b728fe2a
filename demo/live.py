"""The demo as it runs: history up to now, a server, its worker, and cameras that send over HTTP."""

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
from demo.domain import mishaps
from demo.domain.edge_plan import edge_plan
from demo.domain.factory import PLAN, REPORTING_INTERVAL_S
from demo.keys import demo_key
from demo.plant import demo_site, opened_on
from demo.seeding import seed_days
from workers.domain.calendar import local_day

SEED = 1  # that of `seed_demo`
START_S = 60  # a slow machine takes a while to start a server
POLL_S = 0.1
OUTAGES = {"offline-every": 480, "offline-for": 150}  # a state is believed for 90 s of them
PICTURED = 0.03  # share of events: about forty pictures an hour, each drawn in a moment


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
    children.start("The worker", _python("manage.py", "run_worker", "--verbosity", "0"))
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
    plan = settings.DATA_DIR / "demo_plan.json"
    keys = {station.camera: demo_key(station.camera).text for station in PLAN.stations}
    plan.parent.mkdir(exist_ok=True)
    plan.write_text(json.dumps(edge_plan(PLAN, keys, _sunk()), indent=1))
    given = {"url": server_url(), "plan": plan, "interval": REPORTING_INTERVAL_S}
    given |= {"offline-camera": PLAN.failing_camera, **OUTAGES}
    words = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    return "simulate", *words, "--pictures", str(PICTURED), "--quiet"


def _sunk() -> dict[str, float]:
    """By how much the cameras' confidence has fallen in history."""
    site, today = demo_site(), local_day(PLAN.zone, to_ms(clock.now()))
    opened = opened_on(site) if site else today
    return {
        station.camera: mishaps.sunk(PLAN, station.camera, today, opened_on=opened)
        for station in PLAN.stations
    }


def _python(*words: str) -> list[str]:
    return [sys.executable, *words]
