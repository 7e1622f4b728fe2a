"""Asks people about events before and after an alert's onset, mixed, to compare them."""

from collections.abc import Sequence
from random import Random

from django.db.models import Max, Min, Sum

from common import dialect
from common.instants import DAY_MS, SECOND_MS
from common.intervals import Interval
from drift.domain.buckets import QUARTER_MS
from drift.models import Alert, AlertTransition, ConfidenceBucket, Resolution, ReviewItem
from drift.reviewing.choosing import Candidate, as_ms, item_of, picturing
from events.models import Event, Snapshot

Side = ReviewItem.Side
ALERT = "alert"
REFERENCE_MS = 7 * DAY_MS
EACH = 50  # as many from either side tell a fall of precision by a fifth
LOOKS = 150  # quarters of an hour, or pictures, that are looked at
ROOM = 10  # cameras whose events of a quarter are read at once; at larger sites a part of it
LEAST_LOOK_MS = 10 * SECOND_MS
AROUND_MS = 30 * SECOND_MS  # a picture and its event happen that close together


def ask(alert: Alert) -> int:
    """Queues as many events from either side of the onset; how many."""
    opened, onset = as_ms(alert.opened_at), as_ms(alert.onset_at)
    sides = {Side.AFTER: (onset, opened), Side.REFERENCE: reference_of(alert, onset)}
    return sum(ask_about(alert, side, sides[side], now_ms=opened) for side in sides)


def reference_of(alert: Alert, onset: int) -> Interval:
    """The first days of the model version on the camera, or those after its newest new normal."""
    accepted = AlertTransition.objects.filter(
        alert__camera=alert.camera_id,
        alert__model_version=alert.model_version,
        is_decision=True,
        resolution=Resolution.NEW_NORMAL,
        onset_at__lt=onset,
    )
    since = accepted.aggregate(since=Max("onset_at"))["since"]
    buckets = ConfidenceBucket.objects.filter(
        segment__camera=alert.camera_id,
        segment__model_version=alert.model_version,
        start_at__gte=since or 0,
    )
    first = buckets.aggregate(first=Min("start_at"))["first"]
    start = onset if first is None else as_ms(first)
    return start, min(start + REFERENCE_MS, onset)


def ask_about(alert: Alert, side: str, window: Interval, *, now_ms: int, wanted: int = EACH) -> int:
    """Queues events of the alert's camera and version out of a window; how many. Safe to repeat."""
    start, end = window
    if start >= end:
        return 0
    dice = Random(f"{alert.pk} {side}")  # noqa: S311 - a fair draw, no secret
    found = _found(alert, window, dice)
    asked = set(_asked(alert, side))
    missing = wanted - len(asked)
    fresh = [each for each in found if each.id not in asked]
    drawn = dice.sample(fresh, min(max(missing, 0), len(fresh)))
    items = [item_of(each, ALERT, len(drawn) / len(fresh), now_ms) for each in drawn]
    for item in items:
        item.alert, item.side = alert, side
    ReviewItem.objects.bulk_create(items, ignore_conflicts=True)
    return len(items)


def _asked(alert: Alert, side: str) -> Sequence[int]:
    rows = ReviewItem.objects.filter(alert=alert, side=side)
    return list(rows.values_list("event_id", flat=True))


def _found(alert: Alert, window: Interval, dice: Random) -> list[Candidate]:
    """Events to choose from: those with a picture where the camera sends pictures."""
    if alert.camera_id in picturing(since=window[0]):
        return _with_pictures(alert, window, dice)
    width = max(int(QUARTER_MS * ROOM / max(alert.site.cameras.count(), ROOM)), LEAST_LOOK_MS)
    looks = []
    for quarter in _quarters(alert, window, dice):
        start = quarter + dice.randrange(QUARTER_MS - width + 1)
        looks.append((max(start, window[0]), min(start + width, window[1])))
    return _between(alert, [look for look in looks if look[0] < look[1]])


def _quarters(alert: Alert, window: Interval, dice: Random) -> list[int]:
    """Quarters of an hour in which something was seen: all, or of many some, the busy ones rather.

    So each event has about the same chance.
    """
    rows = ConfidenceBucket.objects.filter(
        segment__camera=alert.camera_id,
        segment__model_version=alert.model_version,
        start_at__gt=window[0] - QUARTER_MS,
        start_at__lt=window[1],
    )
    by_start = rows.values_list("start_at").annotate(n=Sum("n")).order_by("start_at")
    seen = {as_ms(start): n for start, n in by_start}
    if len(seen) <= LOOKS:
        return list(seen)
    return sorted(set(dice.choices(list(seen), list(seen.values()), k=LOOKS)))


def _with_pictures(alert: Alert, window: Interval, dice: Random) -> list[Candidate]:
    rows = Snapshot.objects.filter(
        camera=alert.camera_id, taken_at__gte=window[0], taken_at__lt=window[1]
    )
    pictures = dict(rows.order_by("pk").values_list("public_id", "taken_at"))
    names = dice.sample(sorted(pictures), min(len(pictures), LOOKS))
    taken = [as_ms(pictures[name]) for name in names]
    near = _between(alert, [(at - AROUND_MS, at + AROUND_MS) for at in taken])
    return [each for each in near if each.snapshot_id in set(names)]


def _between(alert: Alert, windows: Sequence[Interval]) -> list[Candidate]:
    """The events of the alert's camera and version in any of these stretches, by id."""
    rows = [(alert.site_id, start, end - 1) for start, end in windows]
    columns = [*Candidate._fields, "restated"]
    found = dialect.within(Event, columns, ("site_id", "occurred_at"), rows)
    mine = {
        row[0]: Candidate(*row[:-1])
        for row in found
        if not row[-1] and (row[2], row[8]) == (alert.camera_id, alert.model_version)
    }
    return [mine[event_id] for event_id in sorted(mine)]
