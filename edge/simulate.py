"""The command `simulate`: a shop floor of cameras that send events to a server."""

from __future__ import annotations

import argparse
import math
import signal
from pathlib import Path
from threading import Thread

from edge.assembly import Options, channels_of, floor_of
from edge.console import Console
from edge.link import server_address
from edge.plan import Plan, PlanError, always_on
from edge.plan_check import check
from edge.plan_file import load_plans
from edge.simulation import Simulation, utc_now
from edge.tally import Tally

USAGE_ERROR = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--url", default="http://127.0.0.1:8000", help="the server (default: %(default)s)")
    add("--key", action="append", default=[], help="ingest key: once, or once per camera")
    add("--plan", type=Path, help="JSON file with cameras, workers and hours, see edge/README.md")
    add("--cameras", type=_count, default=6, help="how many without --plan (default: %(default)s)")
    add("--interval", type=_positive, default=5.0, help="seconds between reports (default: 5)")
    add("--speed", type=_positive, default=1.0, help="times faster than life (default: 1)")
    add("--chaos", action="store_true", help="mix in late, doubled, shuffled and malformed events")
    add("--pictures", type=_share, default=0.0, help="share of events with a picture (default: 0)")
    add("--offline-every", type=_positive, metavar="S", help="a camera's network fails so often")
    add("--offline-for", type=_positive, default=60.0, metavar="S", help="so long (default: 60)")
    add("--offline-camera", default="", metavar="CODE", help="whose (default: the first one's)")
    add("--seed", type=int, help="the same number gives the same shop floor")
    add("--duration", type=_seconds, default=0.0, help="seconds to run (default: 0, for ever)")
    add("--quiet", action="store_true", help="no progress, only troubles and the summary")


def run(arguments: argparse.Namespace) -> int:
    """Runs the simulation to its end; the exit code."""
    console = Console()
    try:
        server_address(arguments.url)
        plans = _plans(arguments)
        _refuse_odd_outages(plans, arguments)
    except ValueError as error:
        console.warn("usage", f"edge simulate: {error}")
        return USAGE_ERROR
    tally = Tally()
    simulations = _simulations(plans, arguments, tally=tally, console=console)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: [each.stop() for each in simulations] and None)
    _run_all(simulations, seconds=arguments.duration or None)
    console.say(tally.line(unsent=sum(each.waiting() for each in simulations)))
    return 0


def _run_all(simulations: list[Simulation], *, seconds: float | None) -> None:
    """Each site in a thread of its own; the first one in this, which hears signals."""
    first, *others = simulations
    threads = [Thread(target=each.run, kwargs={"seconds": seconds}) for each in others]
    for thread in threads:
        thread.start()
    first.run(seconds=seconds)
    for thread in threads:
        thread.join()


def _plans(arguments: argparse.Namespace) -> list[Plan]:
    keys: list[str] = arguments.key
    if arguments.plan is not None:
        if len(keys) > 1:
            raise PlanError("with --plan one --key is enough: it serves the cameras without one")
        return load_plans(arguments.plan, default_key="".join(keys))
    if len(keys) not in {1, arguments.cameras}:
        raise PlanError(f"give --key once, or {arguments.cameras} times: one for each camera")
    return [check(always_on(arguments.cameras, keys))]


def _refuse_odd_outages(plans: list[Plan], arguments: argparse.Namespace) -> None:
    """Raises PlanError."""
    every, length, camera = (
        getattr(arguments, f"offline_{name}") for name in ("every", "for", "camera")
    )
    if every is not None and length >= every:
        raise PlanError("--offline-for must be shorter than --offline-every")
    if camera and camera not in {each.camera_id for plan in plans for each in plan.cameras}:
        raise PlanError(f"--offline-camera: there is no camera {camera}")
    if any(plan.gateway for plan in plans) and (every is not None or arguments.pictures):
        raise PlanError("a plan with gateways takes neither --offline-every nor --pictures")


def _simulations(
    plans: list[Plan], arguments: argparse.Namespace, *, tally: Tally, console: Console
) -> list[Simulation]:
    """One a site; the first of them tells how all are getting on."""
    began_at, found = utc_now(), []

    def show_progress() -> None:
        if not arguments.quiet:
            console.say(tally.line(waiting=sum(each.waiting() for each in found)))

    for number, plan in enumerate(plans):
        options = _options(arguments, number)
        found.append(
            Simulation(
                floor_of(plan, options, began_at=began_at),
                channels_of(plan, options, began_at=began_at, tally=tally, console=console),
                show_progress=_nothing if number else show_progress,
            )
        )
    return found


def _nothing() -> None:
    """What the other sites tell."""


def _options(arguments: argparse.Namespace, number: int) -> Options:
    return Options(
        url=arguments.url,
        interval_seconds=arguments.interval,
        speed=arguments.speed,
        with_chaos=arguments.chaos,
        seed=None if arguments.seed is None else arguments.seed + number,
        picture_share=arguments.pictures,
        offline_every=arguments.offline_every or 0.0,
        offline_for=arguments.offline_for,
        offline_camera=arguments.offline_camera,
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def _seconds(text: str) -> float:
    number = _number(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return number


def _share(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to 1")
    return number


def _positive(text: str) -> float:
    number = _number(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text} is not a finite number")
    return number
