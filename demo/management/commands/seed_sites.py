"""The command `seed_sites`: many sites to try scale with, and the plan for their cameras."""

import json
import os
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import clock
from demo.many_sites import Size, seed_site
from workers.models import Site, User


class Command(BaseCommand):
    """Its help says it."""

    help = "Makes sites with cameras and workers, and a plan with their keys for the simulator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, how large, and where the plan goes."""
        add = parser.add_argument
        add("--sites", type=_count, default=10, help="how many (default: 10)")
        add("--cameras", type=_count, default=100, help="a site (default: 100)")
        add("--workers-per-camera", type=_count, default=6, help="at a time (default: 6)")
        add("--prefix", default="SITE-", help="what their codes begin with (default: SITE-)")
        add("--member", default="", help="log-in of somebody who becomes their admin")
        add("--plan", type=Path, required=True, help="file to write, for `edge simulate --plan`")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Makes what is not there yet; refused where it is not asked for."""
        if settings.PRODUCTION:
            raise CommandError("These sites are for trying things: not on a production server.")
        codes = [f"{options['prefix']}{n}" for n in range(1, options["sites"] + 1)]
        if there := Site.every.filter(code__in=codes).order_by("code").first():
            raise CommandError(f"There is a site {there.code}: choose another --prefix.")
        member = _member(options["member"])
        size = Size(options["cameras"], options["workers_per_camera"])
        file = _new_file(options["plan"])
        plans = [seed_site(code, size, at=clock.now(), member=member) for code in codes]
        with file:
            json.dump({"sites": plans}, file)
        workers = size.cameras * size.workers_per_camera
        self.stdout.write(
            f"{len(codes)} sites, each with {size.cameras} cameras and {workers} workers."
            f" Let them send: python -m edge simulate --plan {options['plan']}"
        )


def _member(name: str) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user {name!r}.")
    return user


def _new_file(path: Path) -> Any:
    """Readable by its owner alone: it holds keys."""
    try:
        return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error}") from error


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 10_000):
        raise ArgumentTypeError(f"{text} is no number from 1 to 10,000")
    return int(text)
