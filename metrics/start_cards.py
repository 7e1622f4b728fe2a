"""Card of the start page: how much of scheduled time was seen, by site."""

from collections.abc import Sequence

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from common.intervals import length
from metrics import queries
from metrics.api import KEPT_S, question_of, tag_of
from metrics.queries import Question
from metrics.queries.attention import TARGET_SETTLES_MS
from workers.start_page import Card, Level, Line, OwnSite, counted

SHOWN = 8  # sites; each costs a few statements
PARTIAL_PCT = 80  # below it figures are shown with care
PERIOD = {"period": "shift"}  # the one that runs, or the last


def coverage(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Of those sites that have figures; it asks for attention where too little was seen."""
    asked = [(own, question_of(own.access, PERIOD)) for own in sites[:SHOWN]]
    answers = [(own, question, _coverage(own, question)) for own, question in asked]
    seen = [(own, question, pct) for own, question, pct in answers if pct is not None]
    if not seen:
        return None
    partial = [own for own, question, pct in seen if pct < PARTIAL_PCT and _is_settled(question)]
    lowest = min(pct for _, _, pct in seen)
    few = counted(len(partial), "site was seen less", "sites were seen less")
    return Card(
        title="Coverage by site",
        number=str(len(partial)) if partial else f"{lowest:.1f} %",
        words=f"{few} than {PARTIAL_PCT} % of scheduled time: their figures are uncertain"
        if partial
        else "of scheduled time seen in the shift that runs, or the last"
        + (" – the lowest" if len(seen) > 1 else ""),
        url=reverse("overview"),
        level=Level.ATTENTION if partial else Level.CALM,
        lines=[_line(own, question, pct) for own, question, pct in seen],
    )


def _coverage(own: OwnSite, question: Question) -> float | None:
    """None where nothing is scheduled, or no camera has ever reported."""
    key = tag_of(own.access, question, "start page")
    factory = cache.get(key)
    if factory is None:
        factory = queries.factory(question)["factory"]
        cache.set(key, factory, KEPT_S)
    pct: float | None = factory["coverage_pct"] if factory["newest_event_at"] else None
    return pct


def _is_settled(question: Question) -> bool:
    """In the first minutes of a shift little can have been seen."""
    return length(question.site_schedule) >= TARGET_SETTLES_MS


def _line(own: OwnSite, question: Question, pct: float) -> Line:
    shifts = ", ".join(question.window.shifts or ())
    running = "running" if question.window.reaches_now else "over"
    return Line(
        text=own.site.name,
        url=f"{reverse('site-overview', args=[own.site.code])}?period=shift",
        note=f"{pct:.1f} %" + (f" · {shifts}, {running}" if shifts else " · today"),
        share=pct,
    )
