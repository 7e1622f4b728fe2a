"""`manage.py check_drift`: evaluates what cameras said, up to now or to an instant."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.instants import floor_to, to_datetime, to_ms
from drift.domain.buckets import QUARTER_MS
from drift.models import Alert, Status
from drift.watching import checks
from workers.models import Site


class Command(BaseCommand):
    """The worker does the same every minute."""

    help = "Evaluate all closed buckets that have not been evaluated yet. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """One site or all; up to now or to an instant."""
        parser.add_argument("--site", metavar="CODE", help="only this site")
        parser.add_argument(
            "--until",
            metavar="TIME",
            type=_instant,
            help="up to this RFC 3339 time, such as 2026-01-15T10:15:00Z (default: now)",
        )

    def handle(self, *_args: Any, site: str | None, until: int | None, **_options: Any) -> None:
        """Says what was evaluated, and how many alerts stand."""
        now_ms = to_ms(clock.now())
        end = checks.closed_at(now_ms) if until is None else floor_to(until, QUARTER_MS)
        for each in _sites(site):
            checked = checks.check_site(each, until=end, now_ms=now_ms, as_of=until)
            standing = Alert.objects.filter(site=each).exclude(status=Status.RESOLVED).count()
            self.stdout.write(
                f"{each.code}: {checked.cameras} cameras evaluated until"
                f" {to_datetime(end):%Y-%m-%d %H:%M} UTC, {checked.changed} changes,"
                f" {standing} alerts not resolved"
            )


def _instant(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return to_ms(moment)


def _sites(code: str | None) -> list[Site]:
    sites = list(Site.objects.filter(code=code) if code else Site.objects.order_by("code"))
    if code and not sites:
        raise CommandError(f"There is no site {code!r}.")
    return sites
