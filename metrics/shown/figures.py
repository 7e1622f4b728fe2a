"""Figures on their cards: value, unit, bar, difference, and how far each can be trusted."""

from typing import Any

from metrics.shown import against
from metrics.shown.against import number, points
from metrics.shown.scene import Scene
from metrics.shown.trust import counted, doubt, trust
from metrics.shown.wording import DASH, amount, fixed, percent, say, spent

Record = dict[str, Any]
View = dict[str, Any]


def rests_on(record: Record, scene: Scene) -> View:
    """What the figures of a record rest on, and what to do where that is too little."""
    doubted = doubt(record)
    return {
        **trust(record, scene.clock),
        **doubted,
        "remedy": _remedy(scene) if doubted["partial"] else "",
    }


def _remedy(scene: Scene) -> str:
    unnamed = sum(
        bool(doubt(worker)["partial"]) and not (worker["shift_names"] or worker["anonymous"])
        for worker in scene.overview.get("workers", [])
    )
    if unnamed and scene.has_shifts:
        return counted("remedy_shifts", unnamed)
    return say("remedy_cameras")


CERTAIN = {"partial": "", "reason": ""}  # how much was seen is known, however little


def units(record: Record, scene: Scene) -> View:
    """A factory's units against target."""
    aimed = say("aimed", units=amount(record["units_with_target"]))
    return {
        **units_made(record, scene.factory_before, scene),
        **_against_target(record, scene),
        "aimed": aimed if record["target_units"] else "",
    }


def station_units(record: Record, before: Record, scene: Scene) -> View:
    """A workstation's."""
    return {**units_made(record, before, scene), **_against_target(record, scene)}


def units_made(record: Record, before: Record, scene: Scene) -> View:
    """Units, without a target."""
    outside = record["units_unscheduled"]
    return {
        "value": amount(record["units"]),
        "note": say("units_note"),
        "extra": counted("outside", outside) if outside else "",
        **against.units(record, before, scene.then),
    }


def _against_target(record: Record, scene: Scene) -> View:
    attainment, target = record["target_attainment_pct"], record["target_units"]
    note = say(
        "of_target",
        attainment=percent(attainment),
        target=amount(target),
        until=scene.clock.time(scene.clock.instant),
    )
    return {"note": note if target else say("no_target"), "fill": width(attainment)}


def utilization(record: Record, scene: Scene) -> View:
    """Working time of the time seen, within what it can be."""
    low, high = record["utilization_low_pct"], record["utilization_high_pct"]
    value = record["utilization_pct"]
    view = {
        "value": percent(value),
        "note": say("by_events", value=percent(record["utilization_event_pct"])),
        "low": width(low),
        "spread": width(None if low is None else high - low),
        "mark": mark(value),
        **points(value, scene.factory_before.get("utilization_pct"), scene.then),
    }
    if value is None:
        view["reason"] = say("nothing_seen" if record["scheduled_ms"] else "nothing_scheduled")
    return view


def rate(record: Record, scene: Scene) -> View:
    """Units per attended hour."""
    value = record["units_per_hour"]
    then = scene.factory_before.get("units_per_hour")
    return {
        "value": amount(value, digits=1),
        "note": say("rate_note", working=amount(record["units_per_working_hour"], digits=1)),
        **number(value, then, scene.then, digits=1),
    }


def present(record: Record, scene: Scene) -> View:
    """How many are there now."""
    if not scene.clock.runs:
        return {"value": DASH, "of": "", "note": say("present_past"), "fill": "0"}
    there, scheduled = record["workers_present"], record["workers_scheduled"]
    if not scheduled:
        return {"value": amount(there), "of": "", "note": say("present_unscheduled"), "fill": "0"}
    return {
        "value": amount(there),
        "of": say("of", whole=amount(scheduled)),
        "note": say("present_note"),
        "fill": width(100 * there / scheduled),
    }


def coverage(record: Record, scene: Scene, *, unseen: str = "unseen") -> View:
    """How much of scheduled time was seen."""
    value, unknown_ms = record["coverage_pct"], record["unknown_ms"]
    if value is None:
        note = say("nothing_scheduled")
        return {"lead": "", "value": DASH, "of": "", "note": note, "fill": "0"} | _NO_DELTA
    told = {
        "unseen": spent(unknown_ms),
        "scheduled": spent(record["scheduled_ms"]),
    }
    return {
        "lead": say("seen"),
        "value": percent(value, digits=0),
        "of": say("of", whole=scene.window),
        "note": say(unseen, **told) if unknown_ms else say("all_seen"),
        "fill": width(value),
        **points(value, scene.factory_before.get("coverage_pct"), scene.then),
    }


_NO_DELTA = {"delta": "", "trend": ""}


def availability(record: Record, before: Record, scene: Scene) -> View:
    """Clock time with at least one worker working at a workstation."""
    return _share_of_clock("availability", record, before, scene)


def occupancy(record: Record, before: Record, scene: Scene) -> View:
    """Clock time with at least one worker present."""
    return _share_of_clock("occupancy", record, before, scene)


def _share_of_clock(name: str, record: Record, before: Record, scene: Scene) -> View:
    value = record[f"{name}_pct"]
    scheduled = spent(record["scheduled_ms"])
    return {
        "value": percent(value),
        "note": say(f"{name}_note", scheduled=scheduled),
        "fill": width(value),
        **points(value, before.get(f"{name}_pct"), scene.then),
    }


def labour(record: Record, before: Record, scene: Scene) -> View:
    """Working time of people's time at a workstation."""
    value = record["utilization_pct"]
    observed = record["working_ms"] + record["idle_ms"] + record["absent_ms"]
    return {
        "value": percent(value),
        "note": say("labour_note", observed=spent(observed)),
        "fill": width(value),
        **points(value, before.get("utilization_pct"), scene.then),
    }


def mark(value: float | None) -> str:
    """Where a percentage lies on a bar of 100; what is not known lies outside."""
    return "-2" if value is None else width(value)


def width(value: float | None) -> str:
    """A percentage as the length of a bar of 100."""
    return fixed(min(100.0, max(0.0, value or 0)), 1)
