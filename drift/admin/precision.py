"""The page "Precision": what reviews have shown, what to set the threshold to, and retrainings."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from common import clock
from common.instants import DAY_MS, to_ms
from drift.admin.shares import interval, percent
from drift.domain.precision import Precision
from drift.domain.thresholds import Advice, Answer
from drift.queries import retraining, reviews
from drift.queries.retraining import Version
from workers.admin_site import roles_in
from workers.models import Role, Site

PERIODS = (7, 28, 90)  # days
USUAL = 28


def page(request: HttpRequest) -> TemplateResponse:
    """For managers of the site."""
    site = _site_of(request)
    now = clock.now()
    days = _days(request)
    window = (to_ms(now) - days * DAY_MS, to_ms(now))
    rows = reviews.measured(site, window, advised=True)
    asked = retraining.requests_of(site, until=window[1])
    context = {
        "title": "Precision",
        "site": site,
        "sites": _sites(request),
        "days": days,
        "periods": PERIODS,
        "target": f"{reviews.plan_of(site).target_pct.normalize():f}",
        "threshold": _as_set(site.acceptance_threshold),
        "rows": [_row(row) for row in rows],
        "requests": [_request(each, site) for each in asked],
        "may_review": roles_in(request).allow(Role.REVIEWER, site.pk),
    }
    return TemplateResponse(
        request, "drift/precision.html", admin.site.each_context(request) | context
    )


def _as_set(threshold: Decimal) -> str:
    """With two decimals, or with three where it has them."""
    return f"{threshold:.2f}" if threshold == round(threshold, 2) else f"{threshold:.3f}"


def _sites(request: HttpRequest) -> list[Site]:
    own = Site.objects.filter(roles_in(request).condition(Role.MANAGER, "pk"))
    return list(own.order_by("code"))


def _site_of(request: HttpRequest) -> Site:
    sites = _sites(request)
    code = request.GET.get("site", "")
    found = next((site for site in sites if code in ("", site.code)), None)
    if found is not None:
        return found
    member_of = Site.objects.filter(roles_in(request).condition(Role.VIEWER, "pk"))
    if not code or any(site.code == code for site in member_of):
        raise PermissionDenied
    raise Http404


def _days(request: HttpRequest) -> int:
    text = request.GET.get("days", "")
    return next((days for days in PERIODS if str(days) == text), USUAL)


def _row(row: reviews.Measured) -> dict[str, Any]:
    return {
        "version": row.model_version or "no version",
        "event_type": row.event_type.replace("_", " "),
        **_shown(row.precision),
        **_advised(row.advice),
    }


def _shown(found: Precision) -> dict[str, Any]:
    """Percent with one decimal, and the interval as a place on a bar from 0 to 100."""
    shown = {
        "n": f"{found.n:,}",
        "n_effective": f"{found.n_effective:.0f}",
        "unclear": percent(found.unclear),
        "is_enough": found.is_enough,
    }
    if not found.is_enough:
        return shown
    low, high = found.low or 0.0, found.high or 0.0
    return shown | {
        "precision": percent(found.estimate),
        "low": percent(low),
        "high": percent(high),
        "worst": percent(found.worst),
        "best": percent(found.best),
        "is_doubtful": bool(found.unclear),
        "bar": {
            "left": round(1000 * low),
            "width": max(round(1000 * (high - low)), 6),
            "at": round(1000 * (found.estimate or 0.0)),
        },
    }


def _advised(advice: Advice | None) -> dict[str, Any]:
    if advice is None or advice.answer is Answer.NOT_ENOUGH:
        return {"advice": "not enough reviews"}
    if advice.answer is Answer.UNREACHED:
        return {"advice": "none reaches it", "is_unreached": True}
    kept = f"keeps {percent(advice.kept)}"
    if not advice.threshold:
        return {"advice": "none is needed", "advice_more": kept}
    return {"advice": f"{advice.threshold:.3f}".rstrip("0"), "advice_more": kept}


def _request(each: retraining.Request, site: Site) -> dict[str, Any]:
    export = each.export
    return {
        "camera": export.camera,
        "version": export.model_version or "no version",
        "asked": _local(export.frozen_at, site),
        "by": export.frozen_by,
        "events": f"{export.events:,}",
        "export": export,
        "sha256": export.sha256[:12],
        "compared": _compared(each.older, each.newer) if each.older and each.newer else None,
    }


def _compared(older: Version, newer: Version) -> dict[str, Any]:
    types = sorted(older.by_type.keys() | newer.by_type.keys())
    return {
        "names": [older.name or "no version", newer.name],
        "lines": [
            {"label": "Mean confidence", "cells": [_confidence(each) for each in (older, newer)]},
            {"label": "Drift alerts", "cells": [str(each.alerts) for each in (older, newer)]},
            *(
                {
                    "label": f"Precision, {kind.replace('_', ' ')}",
                    "cells": [interval(each.by_type.get(kind)) for each in (older, newer)],
                }
                for kind in types
            ),
        ],
    }


def _confidence(version: Version) -> str:
    if version.mean_confidence is None:
        return "–"
    return f"{version.mean_confidence:.3f} ({version.events:,} events)"


def _local(moment: datetime, site: Site) -> str:
    return f"{moment.astimezone(ZoneInfo(site.time_zone)):%d %b %Y, %H:%M}"
