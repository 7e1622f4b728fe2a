"""Rows of tables: workstations, workers, and the buckets of the charts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from metrics.shown.against import is_alike, short
from metrics.shown.links import UNESCAPED
from metrics.shown.scene import Scene
from metrics.shown.trust import TRUSTED_COVERAGE, doubt, hint
from metrics.shown.wall_clock import WallClock
from metrics.shown.wording import DASH, amount, percent, say, spent

Record = dict[str, Any]
View = dict[str, Any]


def workstation_row(record: Record, scene: Scene) -> View:
    """A workstation: how it is now, and its figures."""
    code, state = record["workstation_id"], record["state"]
    target = record["target_units"]
    before = scene.workstations_before.get(code, {})
    return {
        "key": code,
        "id": anchor("workstation", code),
        "href": scene.links.workstation(code),
        "name": beside(record["name"], code),
        "state": state,
        "word": station_word(state),
        "who": who(record, scene) or DASH,
        **since(record, scene.clock),
        "occupancy": percent(record["occupancy_pct"]),
        "availability": percent(record["availability_pct"]),
        "utilization": percent(record["utilization_pct"]),
        "units": amount(record["units"]),
        "of": say("of", whole=amount(target)) if target else "",
        "attainment": percent(record["target_attainment_pct"]) if target else "",
        "change": _change(record, before),
        "bottleneck": _evidence(code, scene.overview["bottleneck"]),
        "less_sure": less_sure(record, scene.clock),
        "hint": hint(record, scene.clock),
    }


def _change(record: Record, before: Record) -> str:
    if not is_alike(record["scheduled_ms"], before.get("scheduled_ms")):
        return ""
    return short(record["units"], before.get("units"), digits=0)


def worker_row(record: Record, scene: Scene) -> View:
    """A worker: how they were last seen, and their figures against their own past and all."""
    code, place = record["worker_id"], record["workstation_id"]
    before, pooled = scene.workers_before.get(code, {}), scene.pooled
    then_trusted = (before.get("coverage_pct") or 0) >= TRUSTED_COVERAGE
    value, rate = record["utilization_pct"], record["units_per_hour"]
    return {
        "key": code,
        "id": anchor("worker", code),
        "href": scene.links.worker(code),
        "name": beside(record["name"], code),
        "state": record["state"],
        "word": say(f"state_{record['state']}"),
        "place": place or DASH,
        "place_href": scene.links.workstation(place) if place else "",
        **since(record, scene.clock),
        "utilization": percent(value),
        "utilization_change": short(value, before.get("utilization_pct")),
        "utilization_all": short(value, pooled["utilization_pct"]),
        "coverage": percent(record["coverage_pct"]),
        "units": amount(record["units"]),
        "rate": amount(rate, digits=1),
        "rate_change": short(rate, before.get("units_per_hour")),
        "rate_all": short(rate, pooled["units_per_hour"]),
        "then_partial": "" if then_trusted or not before else "true",
        "partial": doubt(record)["partial"],
        "reason": _reason(record, scene),
        "hint": hint(record, scene.clock),
    }


def _reason(record: Record, scene: Scene) -> str:
    if record["anonymous"]:
        return say("anonymous")
    is_unnamed = doubt(record)["partial"] and scene.has_shifts and not record["shift_names"]
    return say("no_shift_named") if is_unnamed else ""


def is_spent(record: Record) -> bool:
    """Whether any time was spent, or anything made, there or by them."""
    return any(record[name] for name in ("working_ms", "idle_ms", "absent_ms", "units"))


def spent_row(record: Record, subject: str, link: Callable[[str], str]) -> View:
    """A worker's time at one workstation, or a workstation's with one worker."""
    code = record[subject]
    return {
        "key": code,
        "href": link(code),
        "name": beside(record["name"], code),
        **{state: spent(record[f"{state}_ms"]) for state in ("working", "idle", "absent")},
        "utilization": percent(record["utilization_pct"]),
        "units": amount(record["units"]),
        "rate": amount(record["units_per_hour"], digits=1),
    }


def bucket_row(record: Record, clock: WallClock) -> View:
    """One step of the charts."""
    return {
        "key": record["start"],
        "time": clock.near(record["start"]),
        "utilization": percent(record["utilization_pct"]),
        "low": percent(record["utilization_low_pct"]),
        "high": percent(record["utilization_high_pct"]),
        "coverage": percent(record["coverage_pct"]),
        "units": amount(record["units"]),
    }


def anchor(kind: str, code: str) -> str:
    """An element's id that any code can be part of."""
    return f"{kind}-{quote(code, safe=UNESCAPED)}"


def station_word(state: str) -> str:
    """A workstation's state; one from which somebody has left is empty."""
    return say("station_absent" if state == "absent" else f"state_{state}")


def who(record: Record, scene: Scene) -> str:
    """Who is at a workstation; empty for who may not know."""
    return ", ".join(scene.names.get(code, code) for code in record.get("worker_ids", []))


def _evidence(code: str, bottleneck: Record | None) -> str:
    if not bottleneck or bottleneck["workstation_id"] != code:
        return ""
    return say(
        "bottleneck",
        attainment=percent(bottleneck["target_attainment_pct"]),
        occupancy=percent(bottleneck["occupancy_pct"]),
        utilization=percent(bottleneck["utilization_pct"]),
    )


def less_sure(record: Record, clock: WallClock) -> str:
    """Since when recognition is less sure there."""
    instant = record["less_sure_since"]
    return say("less_sure", time=clock.near(instant)) if instant else ""


def since(record: Record, clock: WallClock) -> View:
    """When a state began, and how long that is."""
    instant = record["since"]
    if not instant:
        return {"since": DASH, "lasting": ""}
    return {"since": clock.near(instant), "lasting": clock.age(instant) if clock.runs else ""}


def beside(name: str, code: str) -> str:
    """A name beside a code, where it says more than the code."""
    return "" if name == code else name
