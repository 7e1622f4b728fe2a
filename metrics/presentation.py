"""Answers of the metrics API as the overview page shows them: rounded, with units, in words.

static/js/presentation.js does the same to what it polls; a browser test holds the two together.
"""

from collections.abc import Iterable
from typing import Any

from metrics.figure_cards import figure_cards
from metrics.table_rows import anchor, bucket_row, worker_row, workstation_row
from metrics.wording import DASH, WallClock, amount, percent, say

Record = dict[str, Any]
View = dict[str, Any]

MOST_ATTENTION = 6  # what one line can hold; the rest stands in the table
CHARTED = (
    "start",
    "end",
    "scheduled_ms",
    "utilization_pct",
    "utilization_low_pct",
    "utilization_high_pct",
    "coverage_pct",
    "units",
)


def present(overview: Record) -> View:
    """Everything on the overview page that moves."""
    is_running = overview["reaches_now"]
    clock = WallClock.at(overview["as_of"], overview["time_zone"], runs=is_running)
    attention = [item for item in overview["attention"] if is_running or _outlasts(item)]
    window = say(f"window_{overview['period'] or 'range'}")
    names = {worker["worker_id"]: worker["name"] for worker in overview.get("workers", [])}
    return {
        "as_of": clock.second(),
        "moment": say("moment", time=clock.second()) if is_running else "",
        "caption": _caption(overview, clock),
        "schedule": _schedule(overview["schedule"], clock) if is_running else "",
        "recalculating": say("recalculating") if overview["recalculating"] else "",
        "attention": [_attention(item, clock) for item in attention[:MOST_ATTENTION]],
        "more_attention": _more(attention),
        "well": "" if attention else say("all_well"),
        "figures": figure_cards(overview, clock, window),
        "workstations": [
            workstation_row(record, overview["bottleneck"], names, clock)
            for record in overview["workstations"]
        ],
        "workers": [
            worker_row(record, clock, has_shifts=overview["schedule"]["state"] != "always")
            for record in overview.get("workers", [])
        ],
    }


def present_series(results: Iterable[Record], *, as_of: str, time_zone: str) -> list[View]:
    """The buckets of the charts as rows of a table."""
    clock = WallClock.at(as_of, time_zone, runs=False)
    return [bucket_row(record, clock) for record in results]


def charted(results: Iterable[Record]) -> list[Record]:
    """Of each bucket what the charts draw, and no more."""
    return [{name: record[name] for name in CHARTED} for record in results]


def _caption(overview: Record, clock: WallClock) -> str:
    start, end = overview["start"], overview["end"]
    first, last = clock.dated(start), clock.dated(end)
    if clock.is_midnight(start) and clock.is_midnight(end):
        return _full_days(overview, clock)
    if first == last:
        return _named(overview, f"{first}, {clock.time(start)}–{clock.time(end)}")
    return _named(overview, f"{first} {clock.time(start)} – {last} {clock.time(end)}")


def _full_days(overview: Record, clock: WallClock) -> str:
    """A day is named by itself, several by the first and the last, not by the midnight after it."""
    first, last = clock.dated(overview["start"]), clock.dated_before(overview["end"])
    return _named(overview, first if first == last else f"{first} – {last}")


def _named(overview: Record, text: str) -> str:
    names = " + ".join(overview["shift_names"])
    return f"{say('shift', names=names)} · {text}" if names else text


def _schedule(schedule: Record, clock: WallClock) -> str:
    state, until = schedule["state"], schedule["until"]
    names = " + ".join(schedule["shift_names"])
    if state == "always":
        return say("always")
    if state == "closed" and not until:
        return say("closed")
    if state == "shift" and not until:
        return say("shift", names=names)
    return say(f"{state}_until", names=names, time=clock.soon(until) if until else DASH)


def _outlasts(item: Record) -> bool:
    """Whether it says something of a period that is over; where nobody is, is said of now."""
    return bool(item["kind"] == "under_target")


def _attention(item: Record, clock: WallClock) -> View:
    station, since = item["workstation_id"], item["since"]
    key = item["kind"]
    if key != "under_target" and not since:
        key = {"not_seen": "not_seen_now", "empty": "empty_now"}[key]
    values = {
        "station": station,
        "time": clock.near(since) if since else DASH,
        # whole percents: a screen reader need not hear every tenth
        "attainment": percent(item["target_attainment_pct"], digits=0),
    }
    return {
        "key": f"{item['kind']} {station}",
        "kind": item["kind"],
        "href": f"#{anchor('workstation', station)}",
        "text": say(key, **values),
    }


def _more(attention: list[Record]) -> str:
    left = len(attention) - MOST_ATTENTION
    return say("more_attention", n=amount(left)) if left > 0 else ""
