"""Puts a simulation together: the floor, and for each camera its writer, link and sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from random import Random
from time import monotonic

from edge.agent.outlet import FailingUpstream, Outages, OutboxOutlet
from edge.channel import Channel
from edge.chaos import ChaosWriter
from edge.confidence import sunk_after
from edge.console import Console
from edge.floor import Floor
from edge.link import HttpLink
from edge.outlet import Outlet
from edge.photographer import Photographer
from edge.plan import Camera, Plan
from edge.roster import Roster, rosters_of
from edge.sender import Sender
from edge.tally import Tally
from edge.troubles import Troubles
from edge.wire import as_gateway_json, as_json, as_ndjson
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
    picture_share: float = 0.0
    offline_every: float = 0.0  # seconds; 0 is never
    offline_for: float = 0.0
    offline_camera: str = ""  # the first one where none is named


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
    plan: Plan, options: Options, *, began_at: datetime, tally: Tally, console: Console
) -> dict[str, Channel]:
    """The channel to the server of each camera, by camera id; those of a gateway share one."""
    rosters = rosters_of(plan)
    offline = options.offline_camera or plan.cameras[0].camera_id

    def outlet_of(camera: Camera) -> Outlet:
        if options.offline_every and camera.camera_id == offline:
            return _outbox(camera, options, tally=tally, console=console)
        photographer = _photographer(camera, options, began_at=began_at, zone=plan.zone)
        return _sender(camera, options, photographer, tally=tally, console=console)

    shared = _gateway(plan, options, rosters, tally=tally, console=console)
    return {
        camera.camera_id: shared
        if shared and not camera.key
        else Channel(_writer(camera, options, rosters), outlet_of(camera))
        for camera in plan.cameras
    }


def _gateway(
    plan: Plan,
    options: Options,
    rosters: Mapping[str, Roster],
    *,
    tally: Tally,
    console: Console,
) -> Channel | None:
    """One way for many cameras; it takes no pictures and sends no heartbeats."""
    if not plan.gateway:
        return None
    sender = Sender(
        "gateway",
        HttpLink(options.url, plan.gateway),
        tally,
        Troubles("gateway", plan.gateway, console),
        encode=as_ndjson if options.with_chaos else as_gateway_json,
        heartbeat_seconds=None,
    )
    return Channel(_writer(plan.cameras[0], options, rosters), sender)


def _writer(camera: Camera, options: Options, rosters: Mapping[str, Roster]) -> Writer:
    if not options.with_chaos:
        return PlainWriter()
    return ChaosWriter(_dice(camera, options, "chaos"), rosters)


def _photographer(
    camera: Camera, options: Options, *, began_at: datetime, zone: tzinfo
) -> Photographer:
    def sunk_at(moment: datetime) -> float:
        return sunk_after(camera, (moment - began_at) / timedelta(hours=1) * options.speed)

    link = HttpLink(options.url, camera.key)
    dice = _dice(camera, options, "pictures")
    return Photographer(link, sunk_at, options.picture_share, zone, dice)


def _sender(
    camera: Camera, options: Options, photographer: Photographer, *, tally: Tally, console: Console
) -> Sender:
    """Events and pictures take the same way."""
    return Sender(
        camera.camera_id,
        photographer.link,
        tally,
        Troubles(camera.camera_id, camera.key, console),
        encode=as_ndjson if options.with_chaos else as_json,
        prepare=photographer.add_pictures,
        heartbeat_seconds=HEARTBEAT_INTERVALS * options.interval_seconds,
    )


def _outbox(camera: Camera, options: Options, *, tally: Tally, console: Console) -> Outlet:
    """A camera whose network fails now and then; it takes no pictures."""
    outages = Outages(options.offline_every, options.offline_for, monotonic())
    upstream = FailingUpstream(options.url, camera.key, outages=outages, tally=tally)
    heartbeat_seconds = HEARTBEAT_INTERVALS * options.interval_seconds
    return OutboxOutlet(camera.camera_id, upstream, console, heartbeat_seconds=heartbeat_seconds)


def _dice(camera: Camera, options: Options, purpose: str) -> Random:
    """Dice of the camera's own for each purpose, so that they disturb no other sequence."""
    if options.seed is None:
        return Random()
    return Random(f"{options.seed} {camera.camera_id} {purpose}")
