"""What the admin's start page is made of: cards that say what needs attention, each with its list.

Other apps have cards too, so settings.START_PAGE_CARDS names the functions:
`card(request, sites) -> Card | None`, None where there is nothing to say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from workers.access import SiteAccess, access_of, sites_of
from workers.models import Site

LINES = 5  # a card names so many, the list behind it all


class OwnSite(NamedTuple):
    """A site as the reader of the page sees it."""

    site: Site
    access: SiteAccess


class Level(StrEnum):
    """How much a card asks for."""

    ALERT = "alert"  # today's figures are wrong or missing because of it
    ATTENTION = "attention"
    CALM = "calm"  # a figure, not a task


@dataclass(frozen=True, slots=True)
class Line:
    """One of what a card counts. `share` draws a bar, in percent."""

    text: str
    url: str
    note: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A number with its words, the list it counts, and the first few of it."""

    title: str
    number: str
    words: str
    url: str
    level: Level = Level.ATTENTION
    lines: Sequence[Line] = ()


def sites_in(request: HttpRequest) -> list[OwnSite]:
    """The reader's sites by name, in one query."""
    rows = sites_of(request.user).order_by("name", "code")
    return [OwnSite(row, access_of(row)) for row in rows]


def with_role(sites: Sequence[OwnSite], role: str) -> list[Site]:
    """Those where the reader has this role, or a higher one."""
    return [own.site for own in sites if own.access.at_least(role)]


def cards(request: HttpRequest, sites: Sequence[OwnSite]) -> list[Card]:
    """What there is to say, the pressing first; else in the order of settings."""
    found = (
        cast(CardOf, import_string(path))(request, sites) for path in settings.START_PAGE_CARDS
    )
    return sorted((card for card in found if card is not None), key=lambda card: _ORDER[card.level])


CardOf = Callable[[HttpRequest, Sequence[OwnSite]], Card | None]
_ORDER = {level: rank for rank, level in enumerate(Level)}


def counted(number: int, one: str, many: str) -> str:
    """The words for a number of things."""
    return one if number == 1 else many
