"""Reads what reviews have shown: precision, advice on thresholds, and how far a queue is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.instants import to_ms
from common.intervals import Interval
from drift.domain.buckets import BINS, COLUMNS, bins_of, edge_of
from drift.domain.precision import Precision, Reviewed, precision
from drift.domain.thresholds import Advice, Bin, Judged, advise
from drift.models import Alert, ConfidenceBin, ReviewItem, ReviewPlan
from events.domain.verdict import CONFIRMED, UNCLEAR
from workers.domain.calendar import day_start, local_day
from workers.models import Site

Group = tuple[str, str]  # model version, event type


@dataclass(frozen=True, slots=True)
class Measured:
    """What a window's reviews say of one model version and event type."""

    model_version: str
    event_type: str
    precision: Precision
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Of one side of an alert: how many events were chosen and answered, and what that shows."""

    chosen: int
    answered: int
    precision: Precision


@dataclass(frozen=True, slots=True)
class Progress:
    """Of today, by the site's clock."""

    done: int
    waiting: int

    @property
    def all(self) -> int:
        """What today's share is counted against."""
        return self.done + self.waiting


def measured(
    site: Site,
    window: Interval,
    *,
    advised: bool = False,
    camera_id: int | None = None,
    version: str | None = None,
) -> list[Measured]:
    """Precision per model version and event type, from what was chosen by chance alone.

    With advice on the acceptance threshold, if asked for; of one camera or version, if named.
    """
    named = {"camera": camera_id, "model_version": version}
    only = {name: value for name, value in named.items() if value is not None}
    groups = _groups(site, window, only)
    histograms = _histograms(site, window) if advised else {}
    target = float(plan_of(site).target_pct) / 100
    return [
        Measured(
            version,
            event_type,
            groups[version, event_type].precision,
            advise(
                groups[version, event_type].judged,
                histograms.get((version, event_type), []),
                target=target,
            )
            if advised
            else None,
        )
        for version, event_type in sorted(groups)
    ]


def measured_by_camera(
    site: Site, window: Interval, camera_ids: Iterable[int]
) -> dict[tuple[int, str], Precision]:
    """The precision of each camera and model version, of all types together; one statement."""
    rows = ReviewItem.objects.filter(
        site=site,
        purpose="measure",
        occurred_at__gte=window[0],
        occurred_at__lt=window[1],
        camera__in=list(camera_ids),
    )
    groups: dict[tuple[int, str], _Group] = defaultdict(_Group)
    for row in _rows(rows, "camera_id", "model_version"):
        groups[row[0], row[1]].add(row)
    return {key: group.precision for key, group in groups.items()}


def precision_around(alert: Alert) -> dict[str, Asked]:
    """Of events after an alert's onset and from its reference: as many of each were asked about."""
    rows = ReviewItem.objects.filter(alert=alert)
    sides: dict[str, _Group] = defaultdict(_Group)
    for row in _rows(rows, "side"):
        sides[row[0]].add(row)
    return {
        side: Asked(group.chosen, len(group.reviewed), group.precision)
        for side, group in sides.items()
    }


def plan_of(site: Site) -> ReviewPlan:
    """What the site wants to review; the usual, where nobody has said."""
    return ReviewPlan.objects.filter(site=site).first() or ReviewPlan(site=site)


def progress(site: Site, now: datetime) -> Progress:
    """How much was done today, and how much waits."""
    zone = ZoneInfo(site.time_zone)
    midnight = day_start(zone, local_day(zone, to_ms(now)))
    rows = ReviewItem.objects.filter(site=site)
    return Progress(
        rows.filter(status=ReviewItem.Status.DONE, done_at__gte=midnight).count(),
        rows.filter(status=ReviewItem.Status.WAITING).count(),
    )


def next_sample_at(site: Site, now: datetime) -> datetime | None:
    """About when chance will have chosen the next event; None: nothing is to be chosen."""
    per_week = plan_of(site).per_week
    if not per_week:
        return None
    newest = ReviewItem.objects.filter(site=site, purpose="measure").order_by("-chosen_at").first()
    gap = timedelta(weeks=1) / per_week
    return max(newest.chosen_at + gap, now + timedelta(minutes=1)) if newest else now + gap


@dataclass
class _Group:
    """The items of one group, as they come."""

    chosen: int = 0
    reviewed: list[Reviewed] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)

    def add(self, row: tuple) -> None:  # type: ignore[type-arg]
        """One item; those without an answer that stands count as chosen only."""
        probability, confidence, word, undone_at = row[-4:]
        self.chosen += 1
        if word is None or undone_at is not None:
            return
        is_right = None if word == UNCLEAR else word == CONFIRMED
        self.reviewed.append(Reviewed(probability, is_right))
        if is_right is not None and confidence is not None:
            self.judged.append(Judged(confidence, is_right))

    @property
    def precision(self) -> Precision:
        return precision(self.reviewed, answered=len(self.reviewed) / self.chosen)


def _groups(site: Site, window: Interval, only: dict[str, Any]) -> dict[Group, _Group]:
    rows = ReviewItem.objects.filter(
        site=site,
        purpose="measure",
        occurred_at__gte=window[0],
        occurred_at__lt=window[1],
        **only,
    )
    groups: dict[Group, _Group] = defaultdict(_Group)
    for row in _rows(rows, "model_version", "event_type"):
        groups[row[0], row[1]].add(row)
    return groups


def _rows(items: Iterable[ReviewItem], *by: str) -> Iterable[tuple]:  # type: ignore[type-arg]
    columns = ("probability", "event__confidence", "verdict__verdict", "verdict__undone_at")
    return items.order_by("pk").values_list(*by, *columns)  # type: ignore[attr-defined,no-any-return]


def _histograms(site: Site, window: Interval) -> dict[Group, list[Bin]]:
    """All events of the window, by how sure the model was."""
    rows = ConfidenceBin.objects.filter(
        segment__camera__site=site, start_at__gte=window[0], start_at__lt=window[1]
    )
    counts: dict[Group, list[int]] = defaultdict(lambda: [0] * BINS)
    named = rows.values_list("segment__model_version", "segment__event_type", *COLUMNS)
    for version, event_type, *columns in named.iterator():
        counts[version, event_type] = [
            a + b for a, b in zip(counts[version, event_type], bins_of(columns), strict=True)
        ]
    return {group: _bins(row) for group, row in counts.items()}


def _bins(counts: list[int]) -> list[Bin]:
    edges = [edge_of(number) for number in range(BINS)] + [1.0]
    return [
        Bin(low, (low + high) / 2, n)
        for low, high, n in zip(edges, edges[1:], counts, strict=False)
    ]
