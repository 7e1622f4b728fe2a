"""The command `draw`: pictures of events that somebody else has made up."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import tzinfo
from pathlib import Path
from random import Random

from edge.photographer import scene_of
from edge.plan import PlanError
from edge.plan_file import zone_named
from edge.scene import draw

USAGE_ERROR = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--to", type=Path, required=True, help="folder for the pictures, named 0.png, 1.png, …")
    add("--time-zone", default="UTC", help="of the clock in the pictures (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """For each line of stdin, an event as JSON with `sunk`, names its picture; the exit code."""
    try:
        zone = zone_named(arguments.time_zone)
        for number, line in enumerate(sys.stdin):
            path = arguments.to / f"{number}.png"
            path.write_bytes(_picture(line, zone))
            print(path, flush=True)
    except (KeyError, OSError, PlanError, TypeError, ValueError) as error:
        print(f"edge draw: {error!r}", file=sys.stderr)
        return USAGE_ERROR
    return 0


def _picture(line: str, zone: tzinfo) -> bytes:
    """The same line gives the same picture."""
    dice = Random(line)
    event = dict(json.loads(line))
    return draw(scene_of(event, dice, sunk=event.get("sunk", 0.0), zone=zone), dice)
