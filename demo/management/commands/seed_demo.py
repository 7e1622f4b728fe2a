"""The command `seed_demo`: the demo factory, with history up to now."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.instants import to_ms
from demo.plant import NotTheDemoError
from demo.seeding import RefusedHistoryError, Seeded, seed_days, seed_one_shift


class Command(BaseCommand):
    """Its help says it."""

    help = "Makes the demo factory, and history up to now where there is none. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The window, and the dice."""
        add = parser.add_argument
        add("--days", type=_count, default=14, help="how far back (default: 14)")
        add("--seed", type=int, default=1, help="another number, another history (default: 1)")
        add("--until", type=_moment, help="where it ends, RFC 3339 (default: now)")
        add("--one-shift", type=date.fromisoformat, help="instead: the first shift of this day")

    def handle(self, **options: Any) -> None:
        """Seeds, and says what was stored."""
        try:
            done = _seed(options)
        except (NotTheDemoError, RefusedHistoryError) as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(
                f"Demo history: {done.accepted:,} events stored, {done.duplicate:,} stored before."
            )


def _seed(options: dict[str, Any]) -> Seeded:
    if options["one_shift"]:
        return seed_one_shift(day=options["one_shift"], seed=options["seed"])
    until = to_ms(options["until"] or clock.now())
    return seed_days(days=options["days"], until=until, seed=options["seed"])


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ArgumentTypeError("a time without an offset is no instant")
    return moment


def _count(text: str) -> int:
    if int(text) < 1:
        raise ArgumentTypeError("at least 1")
    return int(text)
