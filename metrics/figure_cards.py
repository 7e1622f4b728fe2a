"""The four figures of the overview: value, unit, bar, and how far each can be trusted.

static/js/figure_cards.js does the same to what it polls.
"""

from typing import Any

from metrics.wording import DASH, WallClock, amount, duration, fixed, percent, say

Record = dict[str, Any]
View = dict[str, Any]

TRUSTED_COVERAGE = 80  # percent seen; below, a figure is greyed and says why


def figure_cards(overview: Record, clock: WallClock, window: str) -> View:
    factory = overview["factory"]
    trust = {**_trust(factory, clock), **doubt(factory)}
    return {
        "units": {**trust, **_units(factory, clock)},
        "utilization": {**trust, **_utilization(factory)},
        "present": {**_trust(factory, clock), **_present(factory, overview["reaches_now"])},
        "coverage": {**_trust(factory, clock), **_coverage(factory, window)},
    }


def _trust(factory: Record, clock: WallClock) -> View:
    """What every figure tells about itself on hover and focus."""
    coverage, newest = factory["coverage_pct"], factory["newest_event_at"]
    return {
        "seen": say("seen_exactly", value=percent(coverage)),
        "events": _counted("events", factory["events"]),
        "newest": _newest(newest, clock),
    }


def _newest(newest: str | None, clock: WallClock) -> str:
    if newest is None:
        return say("no_events")
    if clock.runs:
        return say("newest", age=clock.age(newest))
    return say("newest_at", time=clock.near(newest))


def doubt(record: Record) -> View:
    coverage = record["coverage_pct"]
    if coverage is None or coverage >= TRUSTED_COVERAGE:
        return {"partial": "", "reason": ""}
    if coverage == 0:
        return {"partial": "true", "reason": say("nothing_seen")}
    return {"partial": "true", "reason": say("partial", value=percent(TRUSTED_COVERAGE, digits=0))}


def _units(factory: Record, clock: WallClock) -> View:
    target, outside = factory["target_units"], factory["units_unscheduled"]
    note = say(
        "of_target",
        attainment=percent(factory["target_attainment_pct"]),
        target=amount(target),
        until=clock.time(clock.instant),
    )
    return {
        "value": amount(factory["units"]),
        "note": note if target else say("no_target"),
        "aimed": say("aimed", units=amount(factory["units_with_target"])) if target else "",
        "extra": _counted("outside", outside) if outside else "",
        "fill": _width(factory["target_attainment_pct"]),
    }


def _utilization(factory: Record) -> View:
    low, high = factory["utilization_low_pct"], factory["utilization_high_pct"]
    value = factory["utilization_pct"]
    view = {
        "value": percent(value),
        "note": say("by_events", value=percent(factory["utilization_event_pct"])),
        "band": say("band", low=percent(low), high=percent(high)),
        "low": _width(low),
        "spread": _width(None if low is None else high - low),
        "mark": _width(value),
    }
    if value is None:
        nothing = "nothing_seen" if factory["scheduled_ms"] else "nothing_scheduled"
        view["reason"] = say(nothing)
    return view


def _present(factory: Record, reaches_now: bool) -> View:
    present, scheduled = factory["workers_present"], factory["workers_scheduled"]
    if not reaches_now:
        return {"value": DASH, "of": "", "note": say("present_past"), "fill": "0"}
    return {
        "value": amount(present),
        "of": say("of", whole=amount(scheduled)),
        "note": say("present_note"),
        "fill": _width(100 * present / scheduled if scheduled else None),
    }


def _coverage(factory: Record, window: str) -> View:
    coverage, unknown_ms = factory["coverage_pct"], factory["unknown_ms"]
    if coverage is None:
        return {
            "before": "",
            "value": DASH,
            "of": "",
            "note": say("nothing_scheduled"),
            "fill": "0",
        }
    unseen = {
        "unseen": duration(unknown_ms // 1_000),
        "scheduled": duration(factory["scheduled_ms"] // 1_000),
    }
    return {
        "before": say("seen"),
        "value": percent(coverage, digits=0),
        "of": say("of", whole=window),
        "note": say("unseen", **unseen) if unknown_ms else say("all_seen"),
        "fill": _width(coverage),
    }


def _counted(key: str, n: int) -> str:
    return say(f"{key}_one") if n == 1 else say(key, n=amount(n))


def _width(value: float | None) -> str:
    """A percentage as the length of a bar of 100."""
    return fixed(min(100.0, max(0.0, value or 0)), 1)
