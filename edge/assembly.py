"""Puts a simulation together: the floor, and for each camera its writer, link and sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from edge.channel import Channel
from edge.chaos import ChaosWriter
from edge.console import Console
from edge.floor import Floor
from edge.link import HttpLink
from edge.plan import Camera, Plan
from edge.roster import Roster, rosters_of
from edge.sender import Sender
from edge.tally import Tally
from edge.troubles import Troubles
from edge.wire import as_json, as_ndjson
from edge.writer import PlainWriter, Writer

HEARTBEAT_INTERVALS = 2  # a camera with nothing to report for so long says that it lives


@dataclass(frozen=True)
class Options:
    """What a run is asked for; without a seed each run differs."""

    url: str
    interval_seconds: float
    speed: float
    with_chaos: bool
    seed: int | None


def floor_of(plan: Plan, options: Options, *, began_at: datetime) -> Floor:
    """The floor that works by the plan; the same seed gives the same floor."""
    return Floor(
        plan,
        Random(options.seed),
        began_at=began_at,
        interval=timedelta(seconds=options.interval_seconds),
        speed=options.speed,
    )


def channels_of(
    plan: Plan, options: Options, *, tally: Tally, console: Console
) -> dict[str, Channel]:
    """A channel to the server for each camera, by camera id."""
    rosters = rosters_of(plan)
    return {
        camera.camera_id: Channel(
            _writer(camera, options, rosters),
            _sender(camera, options, tally=tally, console=console),
        )
        for camera in plan.cameras
    }


def _writer(camera: Camera, options: Options, rosters: Mapping[str, Roster]) -> Writer:
    if not options.with_chaos:
        return PlainWriter()
    return ChaosWriter(_dice(camera, options), rosters)


def _sender(camera: Camera, options: Options, *, tally: Tally, console: Console) -> Sender:
    return Sender(
        camera.camera_id,
        HttpLink(options.url, camera.key),
        tally,
        Troubles(camera.camera_id, camera.key, console),
        encode=as_ndjson if options.with_chaos else as_json,
        heartbeat_seconds=HEARTBEAT_INTERVALS * options.interval_seconds,
    )


def _dice(camera: Camera, options: Options) -> Random:
    """Dice of the camera's own, so that its troubles disturb no other sequence."""
    if options.seed is None:
        return Random()
    return Random(f"{options.seed} {camera.camera_id}")
