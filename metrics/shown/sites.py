"""The user's sites beside each other, each told in its own time."""

from typing import Any

from metrics.shown.figures import mark, width
from metrics.shown.head import schedule
from metrics.shown.links import Links
from metrics.shown.rows import beside
from metrics.shown.trust import counted, doubt, hint
from metrics.shown.wall_clock import WallClock
from metrics.shown.wording import DASH, amount, percent, say

Record = dict[str, Any]
View = dict[str, Any]


def present(answer: Record, links: Links) -> View:
    """Everything on the page that moves. `as_of`: of the site that is told first."""
    records = answer["results"]
    return {
        "as_of": _clock(records[0]).second() if records else "",
        "sites": [_row(record, links) for record in records],
    }


def _clock(record: Record) -> WallClock:
    return WallClock.at(record["as_of"], record["time_zone"], runs=record["reaches_now"])


def _row(record: Record, links: Links) -> View:
    clock, target = _clock(record), record["target_units"]
    there, scheduled = record["workers_present"], record["workers_scheduled"]
    return {
        "key": record["site"],
        "href": links.site(record["site"]),
        "name": record["name"],
        "code": beside(record["site"], record["name"]),
        "schedule": _schedule(record, clock) if clock.runs else "",
        "zone": say("zone_now", time=clock.time(clock.instant), zone=record["time_zone"]),
        "attention": _attention(record) if clock.runs else "",
        "attention_href": links.site(record["site"], "floor") if record["attention"] else "",
        "present": amount(there) if clock.runs else DASH,
        "scheduled": say("of", whole=amount(scheduled)) if clock.runs else "",
        "utilization": percent(record["utilization_pct"]),
        "mark": mark(record["utilization_pct"]),
        "low": width(record["utilization_low_pct"]),
        "spread": width(_spread(record)),
        "coverage": percent(record["coverage_pct"]),
        "units": amount(record["units"]),
        "of": say("of", whole=amount(target)) if target else "",
        "attainment": percent(record["target_attainment_pct"]) if target else "",
        "newest": _newest(record["newest_event_at"], clock),
        **doubt(record),
        "hint": hint(record, clock),
    }


def _schedule(record: Record, clock: WallClock) -> str:
    told = {name: record[f"schedule_{name}"] for name in ("state", "until")}
    return schedule({**told, "shift_names": record["schedule_shifts"]}, clock)


def _attention(record: Record) -> str:
    if not record["attention"]:
        return say("all_well")
    return counted("need_attention", record["attention"])


def _newest(instant: str | None, clock: WallClock) -> str:
    if instant is None:
        return DASH
    return say("ago", age=clock.age(instant)) if clock.runs else clock.near(instant)


def _spread(record: Record) -> float | None:
    low, high = record["utilization_low_pct"], record["utilization_high_pct"]
    return None if low is None else high - low
