"""One workstation: against its target and the period before; why it is behind; who was there."""

from typing import Any

from metrics.shown import figures
from metrics.shown.bottlenecks import evidence
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.rows import is_spent, less_sure, since, spent_row, station_word, who
from metrics.shown.scene import Scene
from metrics.shown.trust import trust
from metrics.shown.wording import DASH

Record = dict[str, Any]
View = dict[str, Any]


def present(overview: Record, links: Links) -> View:
    """Everything on the page that moves; the answer is narrowed to the workstation."""
    scene = Scene.of(overview, links)
    return {
        **head(scene),
        **_now(overview["workstations"], scene),
        "figures": _figures(overview["workstations"], scene),
        "behind": [{"key": "behind", **evidence(each)} for each in overview["bottlenecks"]],
        "people": [
            spent_row(record, "worker_id", scene.links.worker)
            for record in overview.get("workers", [])
            if is_spent(record)
        ],
    }


def _now(stations: list[Record], scene: Scene) -> View:
    """Empty in a period in which the workstation was not active."""
    if not stations:
        return {"state": "unknown", "word": DASH, "who": "", "since": "", "lasting": ""} | {
            "less_sure": ""
        }
    station = stations[0]
    return {
        "state": station["state"],
        "word": station_word(station["state"]),
        "who": who(station, scene),
        "less_sure": less_sure(station, scene.clock),
        **since(station, scene.clock),
    }


def _figures(stations: list[Record], scene: Scene) -> View:
    if not stations:
        return {}
    station = stations[0]
    before = scene.workstations_before.get(station["workstation_id"], {})
    rests_on = {**trust(station, scene.clock), **figures.CERTAIN, "remedy": ""}
    return {
        "units": {**rests_on, **figures.station_units(station, before, scene)},
        "availability": {**rests_on, **figures.availability(station, before, scene)},
        "occupancy": {**rests_on, **figures.occupancy(station, before, scene)},
        "utilization": {**rests_on, **figures.labour(station, before, scene)},
    }
