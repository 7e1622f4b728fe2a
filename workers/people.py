"""Who may see a site: roles given, changed and taken away; accounts closed and opened again.

A site that has an admin keeps one; the site's row is locked, so that two who leave at once do not
both find the other still there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction

from workers import registry
from workers.models import Membership, Role, Site, User
from workers.models.access import LAST_ADMIN


def save(membership: Membership) -> None:
    """Stores a new or changed membership. Raises ValidationError."""
    with _sites_held([membership.site_id]):
        registry.save(membership)


def remove(membership: Membership) -> None:
    """The person is no longer listed at the site. Raises ValidationError."""
    with _sites_held([membership.site_id]):
        if membership.is_last_admin():
            raise ValidationError(LAST_ADMIN)
        registry.delete(membership)


def set_access(membership: Membership, *, is_active: bool) -> None:
    """Takes the site away from the person, or gives it back. Raises ValidationError."""
    membership.is_active = is_active
    save(membership)


def may_manage(by: User, user: User) -> bool:
    """Whether one may close, open and reset the other's account.

    A superuser may, and an admin of all sites that the other belongs to.
    """
    if by == user or not by.is_active:
        return False
    if by.is_superuser:
        return True
    theirs = set(user.memberships.values_list("site_id", flat=True))
    own = by.memberships.filter(role=Role.ADMIN, is_active=True).values_list("site_id", flat=True)
    return not user.is_superuser and bool(theirs) and theirs <= set(own)


def close_account(user: User, *, by: User) -> None:
    """The person can no longer log in, anywhere.

    Raises ValidationError where a site would lose its last admin; a superuser stands in for one.
    """
    memberships = user.memberships.filter(role=Role.ADMIN, is_active=True)
    with _sites_held(sorted(memberships.values_list("site_id", flat=True))):
        for membership in memberships.select_related("site"):
            if not by.is_superuser and membership.is_last_admin():
                raise ValidationError(f"{membership.site}: {LAST_ADMIN}")
        user.is_active = False
        user.save(update_fields=["is_active"])


def open_account(user: User) -> None:
    """The person can log in again, with the roles they had."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@contextmanager
def _sites_held(site_ids: list[int]) -> Iterator[None]:
    with transaction.atomic():
        list(Site.objects.select_for_update(no_key=True).filter(pk__in=site_ids).order_by("pk"))
        yield
