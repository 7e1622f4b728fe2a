"""One worker: against their own past, against all, where they were, and how their time went."""

from typing import Any

from metrics.shown import figures
from metrics.shown.against import number, points
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.rows import is_spent, since, spent_row
from metrics.shown.scene import Scene
from metrics.shown.shares import shares
from metrics.shown.wording import DASH, say

Record = dict[str, Any]
View = dict[str, Any]


def present(overview: Record, links: Links) -> View:
    """Everything on the page that moves; the answer is narrowed to the worker."""
    scene, factory = Scene.of(overview, links), overview["factory"]
    return {
        **head(scene),
        **_now(overview["workers"], scene),
        "figures": _figures(factory, scene),
        "shares": shares(factory),
        "places": [
            spent_row(record, "workstation_id", scene.links.workstation)
            for record in overview["workstations"]
            if is_spent(record)
        ],
    }


def _now(workers: list[Record], scene: Scene) -> View:
    """Empty in a period in which the worker was not active at the site."""
    if not workers:
        return {"state": "unknown", "word": DASH, "place": "", "place_href": "", "shifts": ""} | {
            "since": "",
            "lasting": "",
        }
    worker = workers[0]
    place = worker["workstation_id"]
    return {
        "state": worker["state"],
        "word": say(f"state_{worker['state']}"),
        "place": say("at_place", place=place) if place else "",
        "place_href": scene.links.workstation(place) if place else "",
        "shifts": _shifts(worker["shift_names"], scene),
        **since(worker, scene.clock),
    }


def _shifts(names: list[str], scene: Scene) -> str:
    if not scene.has_shifts:
        return ""
    return say("shift", names=", ".join(names)) if names else say("no_shift_named")


def _figures(record: Record, scene: Scene) -> View:
    rests_on = figures.rests_on(record, scene)
    certain = {**rests_on, **figures.CERTAIN}
    pooled, name = scene.pooled, say("then_all")
    return {
        "utilization": {
            **rests_on,
            **figures.utilization(record, scene),
            **_all(points(record["utilization_pct"], pooled["utilization_pct"], name)),
        },
        "units": {**rests_on, **figures.units_made(record, scene.factory_before, scene)},
        "rate": {
            **rests_on,
            **figures.rate(record, scene),
            **_all(number(record["units_per_hour"], pooled["units_per_hour"], name, digits=1)),
        },
        "coverage": {**certain, **figures.coverage(record, scene, unseen="unseen_own")},
    }


def _all(told: View) -> View:
    return {"delta_all": told["delta"], "trend_all": told["trend"]}
