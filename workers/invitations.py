"""Invitations: one-time links that make whoever has them a member of a site."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from workers import people
from workers.models import Invitation, Membership, Role, Site, User

VALID = timedelta(days=7)  # over a week-end and a day off


class Issued(NamedTuple):
    """An invitation just made: `token` is shown once and kept nowhere."""

    row: Invitation
    token: str


class NoLongerOpenError(Exception):
    """Used, withdrawn, expired, or made by somebody who may no longer invite."""


def invite(*, wanted: Invitation, by: User, at: datetime) -> Issued:
    """An invitation to the wanted site and role. Raises ValidationError."""
    token = secrets.token_urlsafe(32)
    row = Invitation(
        site=wanted.site,
        role=wanted.role,
        name=wanted.name,
        email=wanted.email,
        token_hash=_hash(token),
        invited_by=by,
        created_at=at,
        expires_at=at + VALID,
    )
    row.full_clean()
    row.save()
    return Issued(row, token)


def withdraw(invitation: Invitation, *, at: datetime) -> bool:
    """Whether it was still unused; its link leads nowhere from now on. Safe to repeat."""
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    return unused.update(withdrawn_at=at) == 1


def renew(invitation: Invitation, *, by: User, at: datetime) -> Issued:
    """The same invitation with a new link; the old one leads nowhere."""
    with transaction.atomic():
        withdraw(invitation, at=at)
        return invite(wanted=invitation, by=by, at=at)


def behind(token: str, *, at: datetime) -> Invitation | None:
    """The open invitation that a link's token stands for."""
    row = _all().filter(token_hash=_hash(token)).first()
    return row if row and is_open(row, at=at) else None


def with_id(pk: int, *, at: datetime) -> Invitation | None:
    """The invitation of that id, if it is open."""
    row = _all().filter(pk=pk).first()
    return row if row and is_open(row, at=at) else None


def is_open(invitation: Invitation, *, at: datetime) -> bool:
    """Whether it can be accepted. Its word is only as good as that of who invited."""
    unused = invitation.accepted_at is None and invitation.withdrawn_at is None
    return unused and at < invitation.expires_at and _may_invite(invitation)


def join(invitation: Invitation, user: User, *, at: datetime) -> Membership:
    """The user becomes a member, once.

    Raises NoLongerOpenError, and ValidationError for who is a member already.
    """
    with transaction.atomic():
        _use(invitation, user, at)
        known = Membership.objects.filter(user=user, site=invitation.site).first()
        if known and known.is_active:
            raise ValidationError(
                f"You are a member of {invitation.site} already, as {known.role}."
                " An admin of the site can change that role."
            )
        membership = known or Membership(user=user, site=invitation.site)
        membership.role, membership.is_active = invitation.role, True
        people.save(membership)
    return membership


def join_as_new(invitation: Invitation, user: User, *, at: datetime) -> Membership:
    """The user, not saved yet and with a password set, is made and becomes a member."""
    with transaction.atomic():
        user.full_clean()
        user.save()
        return join(invitation, user, at=at)


def _all() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("site", "invited_by")


def _use(invitation: Invitation, user: User, at: datetime) -> None:
    """Compare and set: of two who follow the same link at once, one joins."""
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not is_open(invitation, at=at) or not unused.update(accepted_at=at, accepted_by=user):
        raise NoLongerOpenError


def _may_invite(invitation: Invitation) -> bool:
    by, site = invitation.invited_by, invitation.site
    if not by.is_active or (by.is_demo and not settings.DEMO):
        return False
    return by.is_superuser or _is_admin(by, site)


def _is_admin(user: User, site: Site) -> bool:
    own = Membership.objects.filter(user=user, site=site, role=Role.ADMIN, is_active=True)
    return own.exists()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
