"""KPIs from base quantities, by the formulas of ISO 22400-2 and usual OEE/OLE practice.

Ratios are None where their denominator is 0; sums are 0. Times are milliseconds; percentages are
not rounded here.
"""

from collections.abc import Sequence
from operator import add
from typing import Any

from common.instants import HOUR_MS, to_rfc3339
from metrics.domain import sums

Record = dict[str, Any]
_NAMES = (*sums.ADDED, sums.NEWEST)
EMPTY = (0,) * len(_NAMES)
_UNITS = _NAMES.index("units")


def plus(left: Sequence[int], right: Sequence[int]) -> list[int]:
    """Two rows of sums made one; the newest event is the newer one."""
    row = list(map(add, left, right))
    row[-1] = max(left[-1], right[-1])
    return row


def percent(part: float, whole: float) -> float | None:
    """100 · part / whole."""
    return 100 * part / whole if whole else None


def per_hour(amount: float, milliseconds: int) -> float | None:
    """An amount per hour of a time."""
    return amount * HOUR_MS / milliseconds if milliseconds else None


def record(inside: Sequence[int], outside: Sequence[int], scheduled_ms: int | None) -> Record:
    """The KPI record of a set of workers.

    `inside`: the rows of sums (metrics.domain.sums.ADDED and the newest event) in scheduled time;
    `outside`: those out of it. `scheduled_ms` is S, or None where scheduled time has no meaning
    (times filtered by workstation).
    """
    own = dict(zip(_NAMES, inside, strict=True))
    return {
        **_times(own, outside, scheduled_ms),
        **_counts(own, outside),
        **_time_kpis(own, scheduled_ms),
        **_event_kpis(own),
        **_throughput(own, scheduled_ms),
    }


def with_units_of(record: Record, inside: Sequence[int], outside: Sequence[int]) -> Record:
    """The same with the units of others, who are in none of its averages."""
    more = {"units": inside[_UNITS], "units_unscheduled": outside[_UNITS]}
    return {**record, **{name: record[name] + units for name, units in more.items()}}


def _times(own: dict[str, int], outside: Sequence[int], scheduled_ms: int | None) -> Record:
    observed = _observed(own)
    return {
        "working_ms": own["working_ms"],
        "idle_ms": own["idle_ms"],
        "absent_ms": own["absent_ms"],
        "unknown_ms": None if scheduled_ms is None else scheduled_ms - observed,
        "scheduled_ms": scheduled_ms,
        "unscheduled_ms": outside[0] + outside[1],
    }


def _counts(own: dict[str, int], outside: Sequence[int]) -> Record:
    newest = max(own[sums.NEWEST], outside[-1])
    return {
        "working_events": own["working_events"],
        "idle_events": own["idle_events"],
        "absent_events": own["absent_events"],
        "count_events": own["count_events"],
        "events": _state_events(own) + own["count_events"],
        "overruled_events": own["overruled_events"],
        "units": own["units"],
        "units_unscheduled": outside[_UNITS],
        "late_events": own["late_events"],
        "newest_event_at": to_rfc3339(newest) if newest else None,
    }


def _time_kpis(own: dict[str, int], scheduled_ms: int | None) -> Record:
    working, observed = own["working_ms"], _observed(own)
    attended = working + own["idle_ms"]
    s = scheduled_ms or 0
    return {
        "utilization_pct": percent(working, observed),
        "utilization_low_pct": percent(working, s),
        "utilization_high_pct": percent(working + s - observed, s),
        "coverage_pct": percent(observed, s),
        "presence_pct": percent(attended, observed),
        "active_pct": percent(working, attended),
    }


def _event_kpis(own: dict[str, int]) -> Record:
    states = _state_events(own)
    total = states + own["count_events"]
    confident = own["confidence_events"]
    return {
        "utilization_event_pct": percent(own["working_events"], states),
        "utilization_event_all_pct": percent(own["working_events"], total),
        "confidence_avg": own["confidence_sum"] / confident / sums.CONFIDENCE_SCALE
        if confident
        else None,
        "low_confidence_pct": percent(own["low_confidence_events"], confident),
        "late_pct": percent(own["late_events"], total),
        "lag_avg_s": own["lag_ms_sum"] / total / 1000 if total else None,
    }


def _throughput(own: dict[str, int], scheduled_ms: int | None) -> Record:
    units = own["units"]
    return {
        "units_per_hour": per_hour(units, own["working_ms"] + own["idle_ms"]),
        "units_per_working_hour": per_hour(units, own["working_ms"]),
        "units_per_scheduled_hour": per_hour(units, scheduled_ms or 0),
    }


def _observed(own: dict[str, int]) -> int:
    return own["working_ms"] + own["idle_ms"] + own["absent_ms"]


def _state_events(own: dict[str, int]) -> int:
    return own["working_events"] + own["idle_events"] + own["absent_events"]


def station_record(
    inside: Sequence[int],
    outside: Sequence[int],
    scheduled_ms: int,
    any_ms: Sequence[int],
    target_units: float | None,
) -> Record:
    """The KPI record of a workstation.

    Times are labour time, S is the clock, `any_ms` is [present, working] clock time.
    """
    made = record(inside, outside, scheduled_ms)
    not_of_a_station = ("unknown_ms", "coverage_pct", "utilization_low_pct", "utilization_high_pct")
    return {
        **made,
        **dict.fromkeys(not_of_a_station),
        "present_any_ms": any_ms[0],
        "working_any_ms": any_ms[1],
        "occupancy_pct": percent(any_ms[0], scheduled_ms),
        "availability_pct": percent(any_ms[1], scheduled_ms),
        "target_units": target_units,
        "target_attainment_pct": percent(made["units"], target_units or 0),
    }


def simple_mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that are known."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
