"""Screens on walls: makes their keys, revokes them, and says which screen a sent key is of.

Wrong keys are not counted as failed log-ins are: nobody guesses 256 random bits, and a wrong one
costs a look into an index.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q

from workers import keys, registry
from workers.access import SiteAccess
from workers.domain.keys import SCREEN, fits, new_key, split
from workers.models import Role, Site, WallScreen

TOUCHED_EVERY = timedelta(minutes=1)  # "last used" is for people; a screen asks every 3 seconds


class IssuedScreen(NamedTuple):
    """A screen just made: `key` is shown once and kept nowhere."""

    row: WallScreen
    key: str


def create(wanted: WallScreen, *, at: datetime) -> IssuedScreen:
    """A new screen, with site, name and settings as wanted. Raises ValidationError."""
    if wanted.expires_at is not None and wanted.expires_at <= at:
        raise ValidationError({"expires_at": "This lies in the past."})
    new = new_key(SCREEN)
    wanted.prefix, wanted.secret_hash = new.prefix, new.secret_hash
    registry.save(wanted)
    return IssuedScreen(wanted, new.text)


def revoke(screen: WallScreen, *, at: datetime) -> None:
    """It is refused from now on. Safe to repeat: the first time is kept."""
    if screen.revoked_at is None:
        screen.revoked_at = at
        screen.save(update_fields=["revoked_at"])


def screen_of(key: str, *, at: datetime) -> WallScreen | None:
    """Which screen this is, with its site; None if unknown, revoked or expired. One statement."""
    parts = split(key, SCREEN)
    if parts is None or not (parts[0].isascii() and parts[0].isalnum()):
        return None
    screens = WallScreen.objects.select_related("site").filter(site__state=Site.State.OPEN)
    found = screens.filter(prefix=parts[0]).first()
    if found is None or not fits(parts[1], found.secret_hash):
        return None
    return found if keys.is_open(found, at=at) else None


def access_of(screen: WallScreen) -> SiteAccess:
    """What a screen may: as a viewer of its site."""
    site = screen.site
    is_due = site.recalculation_due_at is not None
    return SiteAccess(site.pk, site.revision, site.master_revision, is_due, Role.VIEWER.value)


def touch(screen: WallScreen, *, at: datetime) -> None:
    """Notes that it was used, at most once a minute; no change in its history."""
    last = screen.last_used_at
    if last is None or not timedelta(0) <= at - last < TOUCHED_EVERY:
        is_older = Q(last_used_at=None) | Q(last_used_at__lte=at - TOUCHED_EVERY)
        WallScreen.objects.filter(is_older, pk=screen.pk).update(last_used_at=at)
