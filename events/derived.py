"""What follows from facts, in all apps: the steps that make it again, and those that verify it."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

from django.conf import settings


class Step(NamedTuple):
    """A part of a site's derived rows, by name for people.

    `run` gives the first difference, if it looks for one.
    """

    name: str
    run: Callable[[], str | None]


def rebuild_steps(site_id: int) -> Iterator[Step]:
    """The steps of a rebuild, in order."""
    for module in settings.DERIVATIONS:
        yield from import_module(module).rebuild_steps(site_id)


def verify_steps(site_id: int) -> Iterator[Step]:
    """The steps of a verification: nothing is written."""
    for module in settings.DERIVATIONS:
        yield from import_module(module).verify_steps(site_id)
