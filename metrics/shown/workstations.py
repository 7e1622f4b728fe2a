"""The list of workstations, and the bottlenecks among them."""

from typing import Any

from metrics.shown.bottlenecks import bottleneck_rows
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.part import WHOLE, Part, part_of
from metrics.shown.rows import workstation_row
from metrics.shown.scene import Scene

Record = dict[str, Any]
View = dict[str, Any]

MOST_BOTTLENECKS = 8  # whoever mends these first need not read on


def present(overview: Record, links: Links, part: Part = WHOLE) -> View:
    """Everything on the page that moves."""
    scene, stations = Scene.of(overview, links), overview["workstations"]
    listed, about = part_of(stations, "workstation_id", links, "workstations", part)
    return {
        **head(scene),
        "bottlenecks": bottleneck_rows(scene)[:MOST_BOTTLENECKS],
        "workstations": [workstation_row(record, scene) for record in listed],
        "part": about,
    }
