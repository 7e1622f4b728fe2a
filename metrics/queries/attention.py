"""What to look at first: workstations not seen, empty or under target, and the bottlenecks."""

from common.instants import MINUTE_MS
from common.intervals import length
from metrics.domain.kpis import Record
from metrics.domain.losses import losses
from metrics.queries.question import Question
from metrics.queries.schedule import schedule_now

UNDER_TARGET_PCT = 90  # a workstation below this share of its target so far is pointed at
TARGET_SETTLES_MS = 30 * MINUTE_MS  # of scheduled time; before that a unit more or less decides
EVIDENCE = (
    "workstation_id",
    "units",
    "target_units",
    "target_attainment_pct",
    "occupancy_pct",
    "availability_pct",
    "utilization_pct",
)


def bottlenecks(stations: list[Record], question: Question) -> list[Record]:
    """The workstations that make less than their target, furthest behind first.

    Each with its evidence: where its target went (metrics.domain.losses). Who makes nothing at all
    is no bottleneck, but not at work.
    """
    return [_evidence(station) for station in furthest_behind(stations, question)]


def furthest_behind(stations: list[Record], question: Question) -> list[Record]:
    """The same workstations without evidence."""
    if length(question.site_schedule) < TARGET_SETTLES_MS:
        return []
    behind = [each for each in stations if each["units"] and _is_behind(each)]
    return sorted(behind, key=lambda each: (each["target_attainment_pct"], each["workstation_id"]))


def _is_behind(station: Record) -> bool:
    attainment = station["target_attainment_pct"]
    return attainment is not None and attainment < 100


def _evidence(station: Record) -> Record:
    lost = losses(station)
    return {
        **{name: station[name] for name in EVIDENCE},
        "units_missing": station["target_units"] - station["units"],
        "reason": lost.greatest,
        **{f"lost_{name}_pct": points for name, points in lost._asdict().items()},
    }


def attention(stations: list[Record], question: Question) -> list[Record]:
    """What a manager should look at, worst kind first.

    Nobody is missed out of scheduled time; a target that was missed stays so when it is over.
    """
    expected = stations if _is_working(question) else []
    kinds = {
        "not_seen": [station for station in expected if station["state"] == "unknown"],
        "empty": [station for station in expected if station["state"] == "absent"],
    }
    if length(question.site_schedule) >= TARGET_SETTLES_MS:
        behind = [station for station in stations if _is_under_target(station)]
        kinds["under_target"] = [each for each in behind if each not in kinds["not_seen"]]
    return [
        {
            "kind": kind,
            "workstation_id": station["workstation_id"],
            "since": None if kind == "under_target" else station["since"],
            "target_attainment_pct": station["target_attainment_pct"],
        }
        for kind, found in kinds.items()
        for station in found
    ]


def _is_working(question: Question) -> bool:
    """Whether the site should be at work right now, of which the window tells."""
    state = schedule_now(question.master, question.window.as_of)["state"]
    return question.window.reaches_now and state in ("shift", "always")


def _is_under_target(station: Record) -> bool:
    attainment = station["target_attainment_pct"]
    return attainment is not None and attainment < UNDER_TARGET_PCT
