"""Chooses by chance which new events people are asked about, in the order in which they came."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from common.instants import DAY_MS, HOUR_MS, floor_to, to_datetime, to_ms
from drift.domain import sampling
from drift.models import ReviewFrame, ReviewItem, ReviewPlan, ReviewProgress, WatchedSite
from events.models import Event, Snapshot
from events.one_writer import lock
from workers.models import Camera, Site

WEEK_MS = 7 * DAY_MS
WAITS_MS = WEEK_MS  # who has not been asked by then is not asked any more
OLDEST_MS = WEEK_MS  # nobody remembers what happened before, and history comes in by the million
STEP = 20_000  # ids looked at in one transaction
STEPS = 100  # in one call: the rest follows a minute later
RANKS = 2**48
MEASURE, TRAIN = "measure", "train"


class Candidate(NamedTuple):
    """An event that people may be asked about."""

    id: int
    site_id: int
    camera_id: int
    worker_id: int
    workstation_id: int
    event_type: str
    occurred_at: int
    confidence: float | None
    model_version: str
    snapshot_id: str

    @property
    def key(self) -> str:
        """What makes the event itself, whenever it comes."""
        return " ".join(map(str, self[2:7]))


def choose_new(now_ms: int) -> int:
    """Decides on every event stored since the last call; how many were chosen. Safe to repeat."""
    end, chosen = _stored_through(), 0
    for _ in range(STEPS):
        progress, _ = ReviewProgress.objects.get_or_create(pk=1)
        if progress.event_id >= end:
            break
        chosen += _step(progress.event_id, min(progress.event_id + STEP, end), now_ms)
    return chosen


def as_ms(moment: datetime | int) -> int:
    """Instants of rows just made are still numbers."""
    return moment if isinstance(moment, int) else to_ms(moment)


def rank_of(key: str, *, last: bool = False) -> int:
    """A place in the queue by chance, or behind all others."""
    return int(sampling.draw(key, salt="rank") * RANKS) + RANKS * last


def candidates(rows: QuerySet[Event]) -> Iterator[Candidate]:
    """The events of a query as plain values."""
    for row in rows.values_list(*Candidate._fields):
        yield Candidate(*row)._replace(occurred_at=to_ms(row[6]))


def picturing(*, since: int) -> set[int]:
    """The cameras that have sent a picture since then.

    At such a camera people are asked only about events with a picture: it sends them by chance.
    """
    pictures = Snapshot.objects.filter(camera=OuterRef("pk"), taken_at__gte=since)
    return set(Camera.objects.filter(Exists(pictures)).values_list("pk", flat=True))


def _stored_through() -> int:
    """An id up to which all events are stored.

    While the sites are ours nobody is in the middle of storing.
    """
    with transaction.atomic():
        lock(list(Site.objects.values_list("pk", flat=True)))
        return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _step(low: int, high: int, now_ms: int) -> int:
    """One transaction, and nothing in it twice: whoever comes second finds the mark moved."""
    since = now_ms - OLDEST_MS
    rows = Event.objects.filter(pk__gt=low, pk__lte=high, occurred_at__gte=since, restated=False)
    shown = ~Q(snapshot_id="") | ~Q(camera__in=picturing(since=since))
    arrived = dict(WatchedSite.objects.values_list("site_id", "arrived_through_id"))
    by_site = defaultdict(list)
    for each in candidates(rows.filter(shown).order_by("pk")):
        if each.id > arrived.get(each.site_id, 0):
            by_site[each.site_id].append(each)
    with transaction.atomic():
        mark = ReviewProgress.objects.filter(pk=1, event_id=low)
        if mark.update(event_id=high) != 1:
            return 0
        items = [item for site_id in by_site for item in _chosen(site_id, by_site[site_id], now_ms)]
        ReviewItem.objects.bulk_create(items, ignore_conflicts=True)
    return len(items)


@dataclass
class _Odds:
    """Of one site: b by event type, and the probability of an example to train with."""

    threshold: float
    by_type: dict[str, float] = field(default_factory=dict)
    to_train: float = 0.0


def _chosen(site_id: int, found: list[Candidate], now_ms: int) -> Iterator[ReviewItem]:
    odds = _odds(site_id, found)
    for each in found:
        probability = sampling.probability(each.confidence, odds.by_type[each.event_type])
        if sampling.draw(each.key) < probability:
            yield item_of(each, MEASURE, probability, now_ms)
        is_near = sampling.is_near(each.confidence, odds.threshold)
        if is_near and sampling.draw(each.key, salt=TRAIN) < odds.to_train:
            yield item_of(each, TRAIN, odds.to_train, now_ms)


def item_of(each: Candidate, purpose: str, probability: float, now_ms: int) -> ReviewItem:
    """An item that waits for a week; examples to train with come after all others."""
    return ReviewItem(
        event_id=each.id,
        occurred_at=each.occurred_at,
        site_id=each.site_id,
        camera_id=each.camera_id,
        model_version=each.model_version,
        event_type=each.event_type,
        purpose=purpose,
        probability=probability,
        rank=rank_of(each.key, last=purpose == TRAIN),
        chosen_at=now_ms,
        expires_at=now_ms + WAITS_MS,
    )


def _odds(site_id: int, found: list[Candidate]) -> _Odds:
    """So that, were all weeks like the last one, as many would be chosen as the site wants."""
    threshold = float(Site.objects.get(pk=site_id).acceptance_threshold)
    _note(site_id, found, threshold)
    plan = ReviewPlan.objects.filter(site=site_id).first() or ReviewPlan()
    newest = max(each.occurred_at for each in found)
    frames = list(ReviewFrame.objects.filter(site=site_id, last_at__gt=newest - WEEK_MS))
    first = min(as_ms(frame.first_at) for frame in frames)
    weeks = min(max(newest - first, HOUR_MS) / WEEK_MS, 1.0)
    events = _totals(frames, "events")
    wanted = sampling.shared_out(plan.per_week * weeks, events)
    doubts = _totals(frames, "doubt")
    near = sum(frame.near for frame in frames)
    return _Odds(
        threshold,
        {
            kind: sampling.budget(
                wanted=wanted[kind], events=events[kind], total_doubt=doubts[kind]
            )
            for kind in events
        },
        min(plan.per_week_to_train * weeks / max(near, 1), 1.0),
    )


def _note(site_id: int, found: list[Candidate], threshold: float) -> None:
    """Adds the events to what could have been chosen on their days."""
    by_day: dict[tuple[int, str], list[Candidate]] = defaultdict(list)
    for each in found:
        by_day[floor_to(each.occurred_at, DAY_MS), each.event_type].append(each)
    for (day_at, event_type), group in sorted(by_day.items()):
        instants = [each.occurred_at for each in group]
        frame, _ = ReviewFrame.objects.get_or_create(
            site_id=site_id,
            day_at=day_at,
            event_type=event_type,
            defaults={"first_at": min(instants), "last_at": max(instants)},
        )
        frame.events += len(group)
        frame.doubt += sum(sampling.doubt(each.confidence) for each in group)
        frame.near += sum(sampling.is_near(each.confidence, threshold) for each in group)
        frame.first_at = to_datetime(min(as_ms(frame.first_at), *instants))
        frame.last_at = to_datetime(max(as_ms(frame.last_at), *instants))
        frame.save()


def _totals(frames: Iterable[ReviewFrame], column: str) -> dict[str, Any]:
    totals: dict[str, Any] = defaultdict(int)
    for frame in frames:
        totals[frame.event_type] += getattr(frame, column)
    return totals
