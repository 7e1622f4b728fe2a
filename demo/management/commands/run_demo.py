"""The command `run_demo`: a factory to look at; `make demo` starts it."""

import signal
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.address import server_url
from demo.accounts import DEMO_ACCOUNTS
from demo.children import ChildEndedError, Children
from demo.keys import demo_key
from demo.live import CannotRunError, bring_up
from demo.plant import NotTheDemoError
from demo.seeding import RefusedHistoryError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WELCOME = """
  The factory runs:  {address}/

{accounts}

  Worker W7 is yours. This says that they work:
  curl {address}/api/v1/events/ -H 'Content-Type: application/json' \\
    -H 'Authorization: Bearer {key}' \\
    -d '{{"timestamp": "'$(date -u +%FT%TZ)'", "worker_id": "W7", "workstation_id": "S7",
         "event_type": "working", "confidence": 0.93}}'

  Ctrl-C ends it.
"""


class Command(BaseCommand):
    """Its help says it."""

    help = "Demo data up to now, a server and simulated cameras, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of the past."""
        parser.add_argument("--days", type=int, default=14, help="history (default: 14 days)")

    def handle(self, *, days: int, **_options: Any) -> None:
        """Runs until it is told to stop."""
        for number in SIGNALS:
            signal.signal(number, _stop)
        try:
            with Children(settings.BASE_DIR) as children:
                bring_up(children, days=days)
                self.stdout.write(_welcome())
                children.wait()
        except KeyboardInterrupt:
            self.stdout.write("The demo has ended. Started again, it goes on with the same data.")
        except (CannotRunError, ChildEndedError, NotTheDemoError, RefusedHistoryError) as error:
            raise CommandError(str(error)) from error


def _stop(*_: object) -> NoReturn:
    """The first signal ends everything; while that goes on, further ones change nothing."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _welcome() -> str:
    accounts = "\n".join(
        f"  {account.role:9} log in as {account.username}, password {account.password}"
        for account in DEMO_ACCOUNTS
    )
    return WELCOME.format(address=server_url(), accounts=accounts, key=demo_key("CAM-7").text)
