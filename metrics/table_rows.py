"""Rows of the tables: workstations, workers, and the buckets of the charts.

static/js/table_rows.js does the same to what it polls.
"""

from typing import Any
from urllib.parse import quote

from metrics.figure_cards import doubt
from metrics.wording import DASH, WallClock, amount, percent, say

Record = dict[str, Any]
View = dict[str, Any]

UNESCAPED = "!~*'()"  # as JavaScript's encodeURIComponent has it


def workstation_row(
    record: Record, bottleneck: Record | None, names: dict[str, str], clock: WallClock
) -> View:
    code, state = record["workstation_id"], record["state"]
    target = record["target_units"]
    return {
        "key": code,
        "id": anchor("workstation", code),
        "name": _name(record["name"], code),
        "state": state,
        "word": say("station_absent" if state == "absent" else f"state_{state}"),
        "who": ", ".join(names.get(code, code) for code in record.get("worker_ids", [])) or DASH,
        **_since(record, clock),
        "occupancy": percent(record["occupancy_pct"]),
        "utilization": percent(record["utilization_pct"]),
        "units": amount(record["units"]),
        "of": say("of", whole=amount(target)) if target else "",
        "attainment": percent(record["target_attainment_pct"]) if target else "",
        "bottleneck": _evidence(code, bottleneck),
        "less_sure": _less_sure(record, clock),
    }


def worker_row(record: Record, clock: WallClock, *, has_shifts: bool) -> View:
    code, partial = record["worker_id"], doubt(record)["partial"]
    is_unnamed = partial and has_shifts and not record["shift_names"]
    return {
        "key": code,
        "id": anchor("worker", code),
        "name": _name(record["name"], code),
        "state": record["state"],
        "word": say(f"state_{record['state']}"),
        "place": record["workstation_id"] or DASH,
        **_since(record, clock),
        "utilization": percent(record["utilization_pct"]),
        "coverage": percent(record["coverage_pct"]),
        "units": amount(record["units"]),
        "rate": amount(record["units_per_hour"], digits=1),
        "partial": partial,
        "reason": say("no_shift_named") if is_unnamed else "",
    }


def bucket_row(record: Record, clock: WallClock) -> View:
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


def _evidence(code: str, bottleneck: Record | None) -> str:
    if not bottleneck or bottleneck["workstation_id"] != code:
        return ""
    return say(
        "bottleneck",
        attainment=percent(bottleneck["target_attainment_pct"]),
        occupancy=percent(bottleneck["occupancy_pct"]),
        utilization=percent(bottleneck["utilization_pct"]),
    )


def _less_sure(record: Record, clock: WallClock) -> str:
    since = record["less_sure_since"]
    return say("less_sure", time=clock.near(since)) if since else ""


def _since(record: Record, clock: WallClock) -> View:
    since = record["since"]
    if not since:
        return {"since": DASH, "lasting": ""}
    return {"since": clock.near(since), "lasting": clock.age(since) if clock.runs else ""}


def _name(name: str, code: str) -> str:
    """A name beside a code, where it says more than the code."""
    return "" if name == code else name
