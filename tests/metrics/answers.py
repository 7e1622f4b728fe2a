"""Answers of the metrics API, written by hand."""

from typing import Any

from metrics.domain import kpis
from metrics.domain.kpis import EMPTY

Json = dict[str, Any]

KPIS = kpis.record(EMPTY, EMPTY, 0)


def overview(**more: Any) -> Json:
    """A running early shift at which nothing has happened yet; times in Berlin."""
    return {
        "site": "F1",
        "site_name": "Floor F1",
        "start": "2026-06-16T04:00:00Z",
        "end": "2026-06-16T08:30:05Z",
        "as_of": "2026-06-16T08:30:05Z",
        "time_zone": "Europe/Berlin",
        "reaches_now": True,
        "period": "shift",
        "shift_names": ["Early"],
        "schedule": {"state": "shift", "until": "2026-06-16T12:00:00Z", "shift_names": ["Early"]},
        "recalculating": False,
        "least_confidence": None,
        "people_shown": "codes",
        "factory": factory(),
        "workers": [],
        "workstations": [],
        "bottleneck": None,
        "bottlenecks": [],
        "attention": [],
        **more,
    }


def factory(**more: Any) -> Json:
    return {
        **KPIS,
        "utilization_mean_pct": None,
        "workers_present": 0,
        "workers_scheduled": 0,
        "target_units": None,
        "units_with_target": 0,
        "target_attainment_pct": None,
        **more,
    }


def worker(code: str = "W1", **more: Any) -> Json:
    return {
        **KPIS,
        "worker_id": code,
        "name": code,
        "state": "working",
        "since": "2026-06-16T08:00:00Z",
        "workstation_id": "S1",
        "anonymous": False,
        "shift_names": ["Early"],
        **more,
    }


def workstation(code: str = "S1", **more: Any) -> Json:
    return {
        **KPIS,
        "workstation_id": code,
        "name": code,
        "state": "working",
        "since": "2026-06-16T08:00:00Z",
        "worker_ids": ["W1"],
        "less_sure_since": None,
        "target_per_hour": None,
        "target_units": None,
        "target_attainment_pct": None,
        "present_any_ms": 0,
        "working_any_ms": 0,
        "occupancy_pct": None,
        "availability_pct": None,
        **more,
    }


def bottleneck(code: str, **more: Any) -> Json:
    return {
        "workstation_id": code,
        "units": 16,
        "target_units": 40.0,
        "target_attainment_pct": 40.0,
        "occupancy_pct": 80.25,
        "availability_pct": 70.0,
        "utilization_pct": None,
        "units_missing": 24.0,
        "reason": "pace",
        "lost_empty_pct": 19.75,
        "lost_waiting_pct": 10.25,
        "lost_pace_pct": 30.0,
        **more,
    }


def before(**more: Any) -> Json:
    """The same part of the shift on the day before."""
    return {
        "start": "2026-06-15T04:00:00Z",
        "end": "2026-06-15T08:30:05Z",
        "factory": {
            name: value
            for name, value in factory().items()
            if name not in ("workers_present", "workers_scheduled")
        },
        "workers": [],
        "workstations": [],
        **more,
    }


def attention(kind: str, code: str = "S1", **more: Any) -> Json:
    return {
        "kind": kind,
        "workstation_id": code,
        "since": None,
        "target_attainment_pct": None,
        **more,
    }


def worker_before(code: str = "W1", **more: Any) -> Json:
    kept = ("scheduled_ms", "utilization_pct", "coverage_pct", "units", "units_per_hour")
    return {"worker_id": code, **{name: KPIS[name] for name in kept}, **more}


def workstation_before(code: str = "S1", **more: Any) -> Json:
    kept = ("scheduled_ms", "utilization_pct", "units")
    shares = ("occupancy_pct", "availability_pct", "target_attainment_pct")
    known = {name: KPIS[name] for name in kept} | dict.fromkeys(shares)
    return {"workstation_id": code, **known, **more}


def site(code: str = "F1", **more: Any) -> Json:
    """A site with its shift running."""
    return {
        **factory(),
        "site": code,
        "name": f"Floor {code}",
        "start": "2026-06-16T04:00:00Z",
        "end": "2026-06-16T08:30:05Z",
        "as_of": "2026-06-16T08:30:05Z",
        "time_zone": "Europe/Berlin",
        "reaches_now": True,
        "schedule_state": "shift",
        "schedule_until": "2026-06-16T12:00:00Z",
        "schedule_shifts": ["Early"],
        "attention": 2,
        "bottleneck": None,
        **more,
    }


def strips(**more: Any) -> Json:
    """The timeline of the running shift, drawn to its end; S1 has two cameras, S2 none."""
    stations = [("S1", ["C1", "C2"]), ("S2", [])]
    return {
        **overview(),
        "axis_end": "2026-06-16T12:00:00Z",
        "shifts": [
            {"name": "Early", "start": "2026-06-16T04:00:00Z", "end": "2026-06-16T12:00:00Z"}
        ],
        "states": ["working", "idle", "absent", "unknown", "break"],
        "workstations": [
            {"workstation_id": code, "name": code, "cameras": cameras} for code, cameras in stations
        ],
        "results": [strip()],
        **more,
    }


def strip(code: str = "W1", **more: Any) -> Json:
    return {"worker_id": code, "name": code, "spans": [], "counts": [], **more}


def clock(text: str = "08:00", **more: Any) -> Json:
    """An hour of the clock in Berlin."""
    hour = int(text[:2]) - 2
    return {
        "hour": text,
        "start": f"2026-06-16T{hour:02}:00:00Z",
        "end": f"2026-06-16T{hour + 1:02}:00:00Z",
        **more,
    }


def hours(**more: Any) -> Json:
    return {**overview(), "hours": [clock()], "results": [hour()], **more}


def hour(code: str = "S1", **more: Any) -> Json:
    """Scheduled, and nothing seen."""
    ratios = ("utilization_pct", "units_per_hour", "target_units", "target_attainment_pct")
    return {
        "workstation_id": code,
        "name": "Saw",
        **clock(),
        "scheduled_ms": 3_600_000,
        **dict.fromkeys(("working_ms", "idle_ms", "absent_ms", "units"), 0),
        **dict.fromkeys(ratios),
        "units_per_scheduled_hour": 0.0,
        **more,
    }
