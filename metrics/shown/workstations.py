"""The list of workstations, and the bottlenecks among them."""

from typing import Any

from metrics.shown.bottlenecks import bottleneck_rows
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.rows import workstation_row
from metrics.shown.scene import Scene

Record = dict[str, Any]
View = dict[str, Any]

MOST_BOTTLENECKS = 8  # whoever mends these first need not read on


def present(overview: Record, links: Links) -> View:
    """Everything on the page that moves."""
    scene = Scene.of(overview, links)
    return {
        **head(scene),
        "bottlenecks": bottleneck_rows(scene)[:MOST_BOTTLENECKS],
        "workstations": [workstation_row(record, scene) for record in overview["workstations"]],
    }
