"""`manage.py remove_site`: a site with all that belongs to it, for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.instants import to_ms
from workers.models import Site
from workers.moving import removal


class Command(BaseCommand):
    """Safe to stop and to repeat: it goes on where it was."""

    help = "Remove a site with all that belongs to it, for good; ingest of others goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which site; the code is asked for again."""
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, code: str, yes: bool, **_options: Any) -> None:
        """Removes it."""
        site = Site.every.filter(code=code).first()
        if site is None:
            raise CommandError(f"There is no site {code!r}.")
        if not yes and not _is_typed_again(code):
            raise CommandError("Nothing was removed.")
        removal.lock_door(site, now_ms=to_ms(clock.now()))
        try:
            removed = removal.sweep(site.pk, tell=self.stdout.write)
        except removal.StillUsedError as error:
            raise CommandError("Somebody still writes to the site: repeat this.") from error
        self.stdout.write(f"{code} is gone: {removed:,} rows were removed.")


def _is_typed_again(code: str) -> bool:
    try:
        return input(f"Everything of {code} will be lost. Type its code again: ") == code
    except EOFError:
        return False
