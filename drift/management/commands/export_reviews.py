"""The command `export_reviews`: reviewed events with their pictures, frozen under a hash."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.instants import to_ms
from drift.reviewing.retraining import NothingReviewedError, Wanted, export_reviews, path_of
from events.models import Verdict
from workers.domain.master import EVER, OPEN
from workers.models import Camera, Site


class Command(BaseCommand):
    """Its help says it."""

    help = "Freezes reviewed events with their pictures for training, and says where they lie."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which events."""
        add = parser.add_argument
        add("--site", required=True, help="code of the site")
        add("--camera", help="code of a camera (default: all)")
        add("--model-version", default="", help="(default: all)")
        add("--start", type=_moment, help="events from here on, RFC 3339")
        add("--end", type=_moment, help="events up to here, exclusive")
        add("--purpose", action="append", default=[], choices=Verdict.Purpose.values)

    def handle(self, **options: Any) -> None:
        """Freezes."""
        wanted = _wanted(options)
        try:
            export = export_reviews(wanted, by=None, now_ms=to_ms(clock.now()))
        except NothingReviewedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{export.events:,} events, {export.snapshots:,} pictures, {export.size:,} bytes\n"
            f"SHA-256 {export.sha256}\n{path_of(export)}"
        )


def _wanted(options: dict[str, Any]) -> Wanted:
    site = Site.objects.filter(code=options["site"]).first()
    if site is None:
        raise CommandError(f"There is no site {options['site']!r}.")
    camera = None
    if options["camera"]:
        camera = Camera.objects.filter(site=site, code=options["camera"]).first()
        if camera is None:
            raise CommandError(f"The site has no camera {options['camera']!r}.")
    start, end = options["start"], options["end"]
    window = (to_ms(start) if start else EVER, to_ms(end) if end else OPEN)
    return Wanted(site, camera, options["model_version"], window, tuple(options["purpose"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ArgumentTypeError("a time without an offset is no instant")
    return moment
