"""How surely a camera recognises, in words and one drawing, as managers read it."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from common.instants import DAY_MS
from common.intervals import Interval
from drift.domain.buckets import SCALE
from drift.domain.floor import totals_of
from drift.domain.points import local_day
from drift.domain.precision import Precision
from drift.domain.reference import EVERY_TYPE, FULL_DAYS, MEAN
from drift.models import Alert, Severity
from drift.plots.over_time import View, mean_plot
from drift.queries.health import Standing, Trust
from drift.queries.recognition import Watched
from drift.watching import alert_words
from workers.admin.moments import ago
from workers.models import Camera

Card = dict[str, Any]
DASH = "–"


def portrait_of(seen: Watched | None, drawn: Interval) -> Card:
    """What a camera has said of itself, and how that compares; dear, since it is replayed."""
    if seen is None:
        return {"version": "", "calm": gettext("Nothing to watch yet")}
    return {
        "version": seen.model_version,
        "calm": _calm(seen),
        **_confidence(seen),
        **_drawn(seen, drawn),
    }


def card_of(standing: Standing, portrait: Card, trust: Trust, *, now: datetime) -> Card:
    """Everything about one camera."""
    camera = standing.camera
    return portrait | {
        "code": camera.code,
        "name": "" if camera.name == camera.code else camera.name,
        "heard": ago(camera.last_seen_at, now, never=gettext("never")),
        "alerts": [_alert(alert) for alert in standing.alerts],
        "calm": "" if standing.alerts else portrait["calm"],
        "precision": _precision(trust.precision),
        "complete": _complete(trust.came, trust.missing),
        "url": _page_of(camera),
    }


def _page_of(camera: Camera) -> str:
    """All about it, once it has been evaluated."""
    if not hasattr(camera, "watchedcamera"):
        return ""
    return reverse("admin:drift_watchedcamera_change", args=[camera.pk])


def _alert(alert: Alert) -> dict[str, Any]:
    since = alert_words.moment(alert, alert.onset_at)
    return {
        "words": alert_words.what(alert),
        "since": gettext("since {time}").format(time=since),
        "more": alert_words.lines(alert),
        "state": alert.get_status_display(),
        "is_critical": alert.severity == Severity.CRITICAL,
        "url": reverse("admin:drift_alert_change", args=[alert.pk]),
    }


def _calm(seen: Watched) -> str:
    reference = seen.reference
    if reference is None:
        return gettext("Learns what is usual here: that takes three days with events")
    if reference.is_provisional:
        return ngettext(
            "As usual, judged by {n} day of {all} so far",
            "As usual, judged by {n} days of {all} so far",
            reference.days,
        ).format(n=reference.days, all=FULL_DAYS)
    return gettext("As usual")


def _confidence(seen: Watched) -> Card:
    """The last 24 hours, and what is usual in the same ones."""
    since = seen.until - DAY_MS
    hours = [(n, s1) for start, n, s1 in totals_of(seen.history.hours) if start >= since]
    events, total = sum(n for n, _ in hours), sum(s1 for _, s1 in hours)
    watched = [(n, value, usual) for at, n, value, usual in _watched(seen) if at >= since]
    weight = sum(n for n, _, _ in watched)
    usual = sum(n * usual for n, _, usual in watched) / weight if weight else None
    floor = seen.inputs.rules_at(seen.until).floor / SCALE
    mean = total / events / SCALE if events else None
    return {
        "mean": _share(mean),
        "usual": "" if usual is None else alert_words.share(usual),
        "floor": alert_words.share(floor),
        "is_low": mean is not None and mean < floor,
        "events": f"{events:,}",
    }


def _watched(seen: Watched) -> list[tuple[int, int, float, float]]:
    """Buckets of all types together that have a reference: start, n, mean, usual."""
    return [
        (at, n, value, usual)
        for stretch in seen.history.stretches
        if (trace := stretch.found.traces.get((EVERY_TYPE, MEAN)))
        for at, n, value, usual, _ in trace.seen
    ]


def _drawn(seen: Watched, drawn: Interval) -> Card:
    """The drawing, and its numbers by day."""
    view = View(seen, EVERY_TYPE, drawn)
    days = _days(view)
    return {
        "plot": mean_plot(view),
        "days": [(f"{day:%a %d %b}", _share(mean), _share(usual)) for day, mean, usual in days],
        "numbers": [(f"{day:%Y-%m-%d}", mean, usual) for day, mean, usual in days],
    }


def _share(value: float | None) -> str:
    return DASH if value is None else alert_words.share(value)


def _days(view: View) -> list[tuple[datetime, float | None, float | None]]:
    """Day, mean and what was usual, of the days drawn."""
    start, end = view.window
    sums: defaultdict[int, list[float]] = defaultdict(lambda: [0.0] * 4)
    first: dict[int, int] = {}
    for at, n, total in totals_of(view.seen.history.hours):
        if start <= at < end:
            row = sums[day := local_day(view.zone, at)]
            first.setdefault(day, at)
            row[0] += n
            row[1] += total / SCALE
    for at, n, _, usual in _watched(view.seen):
        if start <= at < end and (day := local_day(view.zone, at)) in sums:
            sums[day][2] += n
            sums[day][3] += n * usual
    return [
        (
            view.local(first[day]),
            total / n if n else None,
            usual / watched if watched else None,
        )
        for day, (n, total, watched, usual) in sorted(sums.items())
    ]


def _precision(found: Precision | None) -> dict[str, str]:
    if found is None:
        return {"value": DASH, "note": gettext("not reviewed in the 28 days before")}
    if not found.is_enough:
        note = gettext("not enough reviews: they count as {n} of 30")
        return {"value": DASH, "note": note.format(n=f"{found.n_effective:.0f}")}
    note = gettext("{low} to {high}, from {n} reviews").format(
        low=_percent(found.low), high=_percent(found.high), n=f"{found.n:,}"
    )
    return {"value": _percent(found.estimate), "note": note}


def _complete(came: int, missing: int) -> dict[str, str]:
    """Never rounded up to all."""
    if not came + missing:
        return {"value": DASH, "note": gettext("not known: an edge agent would number them")}
    if not missing:
        note = gettext("all {n} numbered events came").format(n=f"{came:,}")
        return {"value": gettext("100 %"), "note": note}
    share = int(1_000 * came / (came + missing)) / 10
    note = ngettext("{n} numbered event is missing", "{n} numbered events are missing", missing)
    return {"value": f"{share:.1f} %", "note": note.format(n=f"{missing:,}")}


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{100 * share:.1f} %"
