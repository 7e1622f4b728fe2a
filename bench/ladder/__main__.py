"""`python -m bench.ladder`: climbs the ladder on each store, prints what each rung showed."""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import environment
from bench.ladder import rung, stores
from bench.ladder.rung import Rung

RUNGS = (5, 50, 500, 1_000, 2_000, 4_000, 8_000)
HEADINGS = (
    "store", "cameras", "events/s", "POST p50 / p99", "poll p50 / p99", "cores",
    "ms/1,000 events", "ms/poll", "behind",
)  # fmt: skip


def main() -> int:
    """Always 0: there is no budget to miss, there is a limit to find."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the servers too
    environment.HOME.mkdir(parents=True, exist_ok=True)
    os.environ |= environment.ENVIRONMENT  # of all that is started
    found = [each for name in options.store for each in _climbed(name, options)]
    options.output.write_text(json.dumps([each.record() for each in found], indent=1))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ladder", description=__doc__)
    add = parser.add_argument
    add("store", nargs="*", default=list(stores.STORES), help=f"of {', '.join(stores.STORES)}")
    add("--rungs", type=_numbers, default=RUNGS, help="cameras, as in 5,50,500 (default: to 8,000)")
    add("--seconds", type=float, default=20.0, help="of each of a rung's two stretches")
    add("--output", type=Path, default=environment.HOME / "ladder.json", help="(%(default)s)")
    options = parser.parse_args()
    if unknown := sorted(set(options.store) - set(stores.STORES)):
        parser.error(f"There is no store {unknown[0]!r}.")
    return options


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _climbed(name: str, options: argparse.Namespace) -> Iterator[Rung]:
    """Rung after rung, until one does not keep up."""
    print(_line(HEADINGS), flush=True)
    for cameras in options.rungs:
        with tempfile.TemporaryDirectory(dir=environment.HOME, prefix="ladder-") as folder:
            climbed = _climb(name, Path(folder), cameras, options.seconds)
        print(_line(_cells(climbed)), flush=True)
        yield climbed
        if not climbed.keeps_up:
            print(f"{name} does not keep up with {cameras:,} cameras: {climbed.bad or 'too late'}")
            return


def _climb(name: str, folder: Path, cameras: int, seconds: float) -> Rung:
    with stores.STORES[name](folder, cameras) as running:
        return rung.climb(name, running, seconds=seconds)


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(of: Rung) -> tuple[str, ...]:
    cores = ", ".join(f"{part} {share:.2f}" for part, share in of.cores.items())
    return (
        of.store,
        f"{of.cameras:,} at {of.sites}",
        f"{of.events_per_s:,.0f}",
        f"{of.post_p50:.0f} / {of.post_p99:.0f} ms",
        f"{of.poll_p50:.0f} / {of.poll_p99:.0f} ms",
        cores,
        f"{of.ms_per_1000_events:.0f}",
        f"{of.ms_per_poll:.0f}",
        f"{of.behind_s:.1f} s",
    )


if __name__ == "__main__":
    sys.exit(main())
