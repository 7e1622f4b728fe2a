"""drift-replay: how long it takes to evaluate one camera from its first event on.

Fourteen days, five types of events: reference, detector, floor and the life of its alerts.
"""

from pathlib import Path
from statistics import median
from time import process_time
from zoneinfo import ZoneInfo

from bench.drift_worlds import World, film, sudden
from bench.harness import Outcome, Size
from drift.domain.alerts import End, cases_of
from drift.domain.floor import lows_of
from drift.domain.history import History
from drift.domain.inputs import Inputs
from drift.domain.points import Rows

BERLIN = ZoneInfo("Europe/Berlin")
HOURLY, BUSY = 200, 300  # events an hour by day


def run(folder: Path, size: Size) -> Outcome:
    """Milliseconds; in the note those of a camera that is watched every quarter."""
    hourly, busy = (_milliseconds(per_hour, size.rounds) for per_hour in (HOURLY, BUSY))
    return Outcome("ms", hourly, None, (), f"busy, every quarter: {busy:.0f} ms")


def _milliseconds(per_hour: int, rounds: int) -> float:
    seen = film(World("replay", sudden(0.85), days=14, changes_on=11, per_hour=per_hour), 0)
    rows = {**seen.rows, "fifth": seen.rows["idle"]}
    return median(_evaluated(rows, seen.ends) * 1e3 for _ in range(rounds + 1))


def _evaluated(rows: Rows, until: int) -> float:
    """Seconds of this process alone: it waits for nothing, and machines are noisy."""
    began = process_time()
    inputs = Inputs()
    history = History(rows, BERLIN, inputs, until=until)
    cases_of(history.alarms, lows_of(history.hours, inputs), inputs, End(until))
    return process_time() - began
