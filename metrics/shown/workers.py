"""The list of workers, each against their own past and against all of them together."""

from typing import Any

from metrics.shown import figures
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.part import WHOLE, Part, part_of
from metrics.shown.rows import worker_row
from metrics.shown.scene import Scene
from metrics.shown.wording import amount, percent

Record = dict[str, Any]
View = dict[str, Any]


def present(overview: Record, links: Links, part: Part = WHOLE) -> View:
    """Everything on the page that moves."""
    scene, factory = Scene.of(overview, links), overview["factory"]
    listed, about = part_of(overview.get("workers", []), "worker_id", links, "workers", part)
    rests_on = figures.rests_on(factory, scene)
    return {
        **head(scene),
        "figures": {
            "utilization": {**rests_on, **figures.utilization(factory, scene)},
            "rate": {**rests_on, **figures.rate(factory, scene)},
            "present": {**rests_on, **figures.CERTAIN, **figures.present(factory, scene)},
            "coverage": {**rests_on, **figures.CERTAIN, **figures.coverage(factory, scene)},
        },
        "pooled": {
            "utilization": percent(factory["utilization_pct"]),
            "coverage": percent(factory["coverage_pct"]),
            "units": amount(factory["units"]),
            "rate": amount(factory["units_per_hour"], digits=1),
        },
        "workers": [worker_row(record, scene) for record in listed],
        "part": about,
    }
