"""The overview page: how it is going, where, and who."""

from collections.abc import Iterable
from typing import Any

from metrics.shown import figures
from metrics.shown.attention import attention
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.rows import bucket_row, worker_row, workstation_row
from metrics.shown.scene import Scene
from metrics.shown.wall_clock import WallClock

Record = dict[str, Any]
View = dict[str, Any]


def present(overview: Record, links: Links) -> View:
    """Everything on the page that moves."""
    scene = Scene.of(overview, links)
    return {
        **head(scene),
        **attention(scene),
        "figures": _figures(scene),
        "workstations": [workstation_row(record, scene) for record in furthest_behind(overview)],
        "workers": [worker_row(record, scene) for record in overview.get("workers", [])],
    }


def _figures(scene: Scene) -> View:
    factory = scene.overview["factory"]
    rests_on = figures.rests_on(factory, scene)
    return {
        "units": {**rests_on, **figures.units(factory, scene)},
        "utilization": {**rests_on, **figures.utilization(factory, scene)},
        "present": {**rests_on, **figures.CERTAIN, **figures.present(factory, scene)},
        "coverage": {**rests_on, **figures.CERTAIN, **figures.coverage(factory, scene)},
    }


def furthest_behind(overview: Record) -> list[Record]:
    """The workstations: the bottlenecks in their order, then the others in theirs."""
    order = [each["workstation_id"] for each in overview["bottlenecks"]]
    rank = {code: number for number, code in enumerate(order)}
    last = len(order)
    return sorted(
        overview["workstations"], key=lambda record: rank.get(record["workstation_id"], last)
    )


def present_series(results: Iterable[Record], *, as_of: str, time_zone: str) -> list[View]:
    """The buckets of the charts as rows of a table."""
    clock = WallClock.at(as_of, time_zone, runs=False)
    return [bucket_row(record, clock) for record in results]
