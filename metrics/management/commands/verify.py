"""`manage.py verify`: do spans and sums say what the facts say?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from events.derived import verify_steps
from metrics.management.commands.rebuild import sites_named


class Command(BaseCommand):
    """Compares with a recomputation; changes nothing."""

    help = "Compare spans and sums with a recomputation from the events; name the first difference."

    def add_arguments(self, parser: CommandParser) -> None:
        """One site, or all."""
        parser.add_argument("--site", metavar="CODE", help="only this site")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 1 at the first difference."""
        for site in sites_named(options["site"]):
            for step in tqdm(
                list(verify_steps(site.pk)), desc=f"verify {site.code}", unit="step", disable=None
            ):
                if difference := step.run():
                    raise CommandError(f"{site.code}, {step.name}: {difference}")
            self.stdout.write(f"{site.code}: everything follows from the events")
