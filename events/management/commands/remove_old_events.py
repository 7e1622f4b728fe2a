"""`manage.py remove_old_events`: what the worker does every hour, at once and with progress."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from common import clock
from common.instants import to_ms
from events import horizon, months
from events.models import Event
from events.retention import remove_steps
from workers.models import Site


class Command(BaseCommand):
    """Ingest goes on meanwhile."""

    help = "Remove events that are older than their site keeps. Safe to repeat and to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        """One site, or all."""
        parser.add_argument("--site", metavar="CODE", help="only this site")

    def handle(self, *, site: str | None, **_options: Any) -> None:
        """Months that are over for all sites go first, if all are asked for."""
        now_ms = to_ms(clock.now())
        sites = list(Site.objects.filter(code=site) if site else Site.objects.order_by("code"))
        if site and not sites:
            raise CommandError(f"There is no site {site!r}.")
        for each in sites:
            horizon.move(each.pk, now_ms)
        if not site:
            self.stdout.write(f"{months.drop_over():,} events in months that were over removed")
        for each in sites:
            each.refresh_from_db(fields=["horizon_at"])
            old = Event.objects.filter(site=each, occurred_at__lt=each.horizon_at).count()
            removed = _remove(each, old)
            self.stdout.write(f"{each.code}: {removed:,} event{'s' * (removed != 1)} removed")


def _remove(site: Site, old: int) -> int:
    removed = 0
    with tqdm(total=old, desc=f"remove {site.code}", unit="event", disable=None) as progress:
        for step in remove_steps(site.pk):
            progress.update(step)
            removed += step
    return removed
