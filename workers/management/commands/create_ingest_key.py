"""Makes an ingest key and prints it, once."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from common import clock
from workers import keys
from workers.models import Camera, Site


class Command(BaseCommand):
    """Prints the key on stdout, alone on its line; what it is good for goes to stderr."""

    help = "Makes an ingest key for one camera, or for a gateway of a site, and prints it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument(
            "--camera", metavar="CODE", help="default: a gateway, for every camera of the site"
        )
        parser.add_argument(
            "--expires",
            metavar="DATE",
            help="the first day on which it is refused, at the site, such as 2027-01-31; "
            "or an instant with offset",
        )

    def handle(
        self, *_args: Any, site: str, camera: str | None, expires: str | None, **_options: Any
    ) -> None:
        owner = _site(site)
        watcher = _camera(owner, camera) if camera is not None else None
        expires_at = _moment(expires, owner) if expires is not None else None
        try:
            issued = keys.create_key(
                site=owner, camera=watcher, expires_at=expires_at, at=clock.now()
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(issued.text)
        whose = f"camera {watcher.code}" if watcher else "every camera"
        until = f" until {expires_at.isoformat()}" if expires_at else ""
        self.stderr.write(
            f"Lets {whose} of {owner.code} POST events{until}. It is not shown again: keep it now."
        )


def _site(code: str) -> Site:
    try:
        return Site.objects.get(code=code)
    except Site.DoesNotExist as error:
        raise CommandError(f"There is no site {code!r}.") from error


def _camera(site: Site, code: str) -> Camera:
    try:
        return site.cameras.get(code=code)
    except Camera.DoesNotExist as error:
        raise CommandError(f"The site {site.code} has no camera {code!r}.") from error


def _moment(text: str, site: Site) -> datetime:
    try:
        if len(text) == len("2027-01-31"):
            return datetime.combine(
                date.fromisoformat(text), time(), ZoneInfo(site.time_zone)
            ).astimezone(UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise CommandError(f"--expires {text!r} is no date, such as 2027-01-31.") from error
    if moment.tzinfo is None:
        raise CommandError(f"--expires {text!r} needs an offset, such as 2027-01-31T06:00:00Z.")
    return moment.astimezone(UTC)
