"""How ingest keys stand: in use, ending soon, never used, at their end."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from workers.models import IngestKey

EXPIRES_SOON = timedelta(days=14)  # long enough to reach a camera, whatever the holidays
STILL_USED = timedelta(hours=1)  # a sender that was heard so lately has not moved to its new key


class KeyState(StrEnum):
    """What a list of keys can be narrowed to."""

    OPEN = "open"
    EXPIRING = "expiring"
    UNUSED = "unused"
    EXPIRED = "expired"
    REVOKED = "revoked"


def in_state(keys: QuerySet[IngestKey], state: str, *, at: datetime) -> QuerySet[IngestKey]:
    """Those of the keys that stand so."""
    is_open = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=at))
    conditions = {
        KeyState.OPEN: is_open,
        KeyState.EXPIRING: is_open & Q(expires_at__lte=at + EXPIRES_SOON) & _leaves_a_gap(at),
        KeyState.UNUSED: is_open & Q(last_used_at=None),
        KeyState.EXPIRED: Q(revoked_at=None, expires_at__lte=at),
        KeyState.REVOKED: Q(revoked_at__isnull=False),
    }
    return keys.filter(conditions[KeyState(state)])


def _leaves_a_gap(at: datetime) -> Q:
    """Its sender has no key that lasts longer, or has not begun to use it."""
    still_used = Q(last_used_at__gt=at - STILL_USED)
    return ~_has_another() | (still_used & ~_has_another(last_used_at__isnull=False))


def _has_another(**conditions: Any) -> Q:
    """Another key of the same camera, or of the same site's gateway, lasts longer."""
    lasting = IngestKey.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=OuterRef("expires_at")), revoked_at=None, **conditions
    )
    of_camera = Exists(lasting.filter(camera=OuterRef("camera")))
    of_gateway = Exists(lasting.filter(camera=None, site=OuterRef("site")))
    return Q(of_camera) | (Q(camera=None) & Q(of_gateway))
