"""Bottlenecks with their evidence: where each workstation's target went."""

from typing import Any

from metrics.shown.against import MINUS
from metrics.shown.figures import width
from metrics.shown.rows import beside
from metrics.shown.scene import Scene
from metrics.shown.wording import amount, fixed, percent, say

Record = dict[str, Any]
View = dict[str, Any]


def bottleneck_rows(scene: Scene) -> list[View]:
    """Furthest behind first."""
    names = {each["workstation_id"]: each["name"] for each in scene.overview["workstations"]}
    return [
        {
            "key": each["workstation_id"],
            "href": scene.links.workstation(each["workstation_id"]),
            "name": beside(names[each["workstation_id"]], each["workstation_id"]),
            **evidence(each),
        }
        for each in scene.overview["bottlenecks"]
    ]


def evidence(bottleneck: Record) -> View:
    """What is missing and why, in words and in points of the target."""
    missing, pace = amount(bottleneck["units_missing"]), bottleneck["lost_pace_pct"]
    return {
        "attainment": percent(bottleneck["target_attainment_pct"]),
        "missing": say("missing_one") if missing == "1" else say("missing", n=missing),
        "because": say(f"reason_{bottleneck['reason']}"),
        "empty": _points(bottleneck["lost_empty_pct"]),
        "waiting": _points(bottleneck["lost_waiting_pct"]),
        "pace": _points(pace),
        "pace_word": say("loss_pace" if pace >= 0 else "gain_pace"),
        **_bar(bottleneck),
    }


def _points(value: float) -> str:
    text = fixed(abs(value), 1)
    return say("points", n=f"{MINUS}{text}" if value < 0 and float(text) else text)


def _bar(bottleneck: Record) -> View:
    """Its parts, from what was made up to the target.

    A faster pace than the target's has made good a part of what was lost: that part is not drawn.
    """
    made = bottleneck["target_attainment_pct"]
    empty = max(made, 100 - bottleneck["lost_empty_pct"])
    waiting = max(made, 100 - bottleneck["lost_empty_pct"] - bottleneck["lost_waiting_pct"])
    return {
        "made_width": width(made),
        "pace_x": width(made),
        "pace_width": width(waiting - made),
        "waiting_x": width(waiting),
        "waiting_width": width(empty - waiting),
        "empty_x": width(empty),
        "empty_width": width(100 - empty),
    }
