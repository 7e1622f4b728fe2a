"""The queue of events that people look at again: filled, handed out, answered, taken back."""

from django.db import transaction
from django.db.models import Q, QuerySet

from common import dialect
from common.instants import MINUTE_MS
from drift.models import Alert, ReviewItem
from drift.reviewing import choosing, comparing
from events import verdicts
from events.domain.verdict import Word
from events.models import Verdict
from workers.models import Site, User

CLAIM_MS = 3 * MINUTE_MS  # so long an item is one reviewer's, from when they were last heard of
WAITING, DONE, EXPIRED = ReviewItem.Status.values


class AlreadyReviewedError(Exception):
    """Somebody else was faster, or the item has expired."""


def tend_queue(now_ms: int) -> None:
    """Chooses from what was stored since the last call, and lets old items go. Safe to repeat."""
    choosing.choose_new(now_ms)
    late = ReviewItem.objects.filter(status=WAITING, expires_at__lte=now_ms)
    late.filter(_free(now_ms)).update(status=EXPIRED)


def queue_alert(alert: Alert) -> int:
    """Asks about events after the alert's onset and from its reference; how many. Safe to repeat.

    Nobody sees which is which. Silence leaves nothing to look at.
    """
    return 0 if alert.is_live else comparing.ask(alert)


def claim(site: Site, user: User, *, now_ms: int, count: int = 2) -> list[ReviewItem]:
    """The next items for this reviewer; nobody else is given them for a while."""
    mine = list(_waiting(site, now_ms).filter(claimed_by=user)[:count])
    free = _waiting(site, now_ms).exclude(pk__in=[item.pk for item in mine])
    for item in free[: 3 * (count - len(mine))]:  # some may go to others in this very moment
        if len(mine) < count and _take(item, user, now_ms):
            mine.append(item)
    ReviewItem.objects.filter(pk__in=[item.pk for item in mine]).update(
        claimed_until=now_ms + CLAIM_MS
    )
    return mine


@dialect.retried
def give(item: ReviewItem, *, reviewer: User, word: Word, now_ms: int) -> Verdict:
    """The reviewer's word on the item, which counts at once; another one replaces it.

    One look answers all that wait for this event. Raises AlreadyReviewedError and BadWordError.
    """
    with transaction.atomic():
        verdict = verdicts.give(
            item.event, reviewer=reviewer, word=word, now_ms=now_ms, purpose=item.purpose
        )
        answered = {"status": DONE, "verdict": verdict, "done_at": now_ms}
        open_to_me = Q(status=WAITING) | Q(status=DONE, verdict__reviewer=reviewer)
        if not ReviewItem.objects.filter(open_to_me, pk=item.pk).update(**answered):
            raise AlreadyReviewedError
        ReviewItem.objects.filter(status=WAITING, event=item.event_id).update(**answered)
    return verdict


@dialect.retried
def undo(item: ReviewItem, *, reviewer: User, now_ms: int) -> bool:
    """Takes the reviewer's word back: the item waits again, for them first. False: nothing to undo.

    Safe to repeat.
    """
    with transaction.atomic():
        undone = verdicts.undo(item.event, reviewer=reviewer, now_ms=now_ms)
        again = ReviewItem.objects.filter(
            event=item.event_id, status=DONE, verdict__reviewer=reviewer
        ).update(
            status=WAITING,
            verdict=None,
            done_at=None,
            claimed_by=reviewer,
            claimed_until=now_ms + CLAIM_MS,
        )
    return bool(undone or again)


def _waiting(site: Site, now_ms: int) -> QuerySet[ReviewItem]:
    rows = ReviewItem.objects.filter(site=site, status=WAITING)
    return rows.select_related("site", "camera", "event").order_by("rank", "pk")


def _free(now_ms: int) -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=now_ms)


def _take(item: ReviewItem, user: User, now_ms: int) -> bool:
    """False: another reviewer was given it in this very moment."""
    mine = {"claimed_by": user, "claimed_until": now_ms + CLAIM_MS}
    rows = ReviewItem.objects.filter(_free(now_ms), pk=item.pk, status=WAITING)
    return rows.update(**mine) == 1
