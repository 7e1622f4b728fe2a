"""Which events reviewers have spoken of, and what of them still waits: conditions of queries."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from events.domain.verdict import UNCLEAR, VERDICTS
from events.lists import plainly
from events.models import RARELY_LOWER, Event, Verdict
from workers.models import Site

NONE = "none"
CHOICES = (NONE, *VERDICTS)  # each event is one of these


def standing_verdicts() -> QuerySet[Verdict]:
    """Those that are neither taken back nor replaced."""
    return Verdict.objects.filter(undone_at=None, replaced_at=None)


def with_verdict(events: QuerySet[Event], choice: str) -> QuerySet[Event]:
    """Those whose verdict in force is this one.

    `unclear`: somebody could not tell, and nobody could. `none`: nobody has spoken.
    """
    decided = Verdict.objects.filter(in_force=True)
    if choice == NONE:
        return events.filter(~Exists(standing_verdicts().filter(event=OuterRef("pk"))))
    if choice == UNCLEAR:
        unclear = standing_verdicts().filter(verdict=UNCLEAR)
        undecided = ~Exists(decided.filter(event=OuterRef("pk")))
        return events.filter(undecided, pk__in=unclear.values("event"))
    return events.filter(pk__in=decided.filter(verdict=choice).values("event"))


def under_threshold(events: QuerySet[Event], sites: QuerySet[Site]) -> QuerySet[Event]:
    """Those of these sites that are less sure than their site accepts."""
    thresholds = {
        site_id: float(threshold)
        for site_id, threshold in sites.values_list("pk", "acceptance_threshold")
    }
    low = Q(pk__in=[])
    for site_id, threshold in thresholds.items():
        low |= Q(plain_site=site_id, confidence__lt=threshold)
    if max(thresholds.values(), default=1.0) <= RARELY_LOWER:
        low &= Q(confidence__lt=RARELY_LOWER)  # says to the database that its index will do
    return plainly(events, "site").filter(low)


def verdicts_standing() -> "Prefetch[Any]":
    """Puts the verdicts that stand into each event's list `spoken`, newest last: one query."""
    rows = standing_verdicts().select_related("worker", "workstation", "reviewer").order_by("pk")
    return Prefetch("verdicts", rows, to_attr="spoken")


def verdicts_in_force() -> "Prefetch[Any]":
    """Puts the verdict in force of each event into its list `in_force`: one query for all."""
    rows = Verdict.objects.filter(in_force=True)
    return Prefetch(
        "verdicts", rows.select_related("worker", "workstation", "reviewer"), to_attr="in_force"
    )
