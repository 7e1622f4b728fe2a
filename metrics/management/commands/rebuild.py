"""`manage.py rebuild`: makes spans and sums again from the facts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from events.derived import rebuild_steps
from metrics.rebuild import settle
from workers.models import Site


class Command(BaseCommand):
    """Ingest goes on meanwhile; readers see old or new figures of each worker."""

    help = "Make spans, statuses and sums again from the events. Safe to repeat and to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        """One site, those that are due, or all."""
        parser.add_argument("--site", metavar="CODE", help="only this site")
        parser.add_argument(
            "--due",
            action="store_true",
            help="only sites whose settings of the calculation changed",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Runs the steps with a progress bar."""
        for site in sites_named(options["site"]):
            if options["due"] and site.recalculation_due_at is None:
                continue
            for step in tqdm(
                list(rebuild_steps(site.pk)), desc=f"rebuild {site.code}", unit="step"
            ):
                step.run()
            settle(site.pk, site.recalculation_due_at)
            self.stdout.write(f"{site.code}: rebuilt")


def sites_named(code: str | None) -> list[Site]:
    """The site of that code, or all. Raises CommandError when there is none."""
    sites = list(Site.objects.filter(code=code) if code else Site.objects.order_by("code"))
    if code and not sites:
        raise CommandError(f"There is no site {code!r}.")
    return sites
