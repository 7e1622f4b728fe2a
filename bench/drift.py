"""drift: what the detector finds on simulated cameras, how soon, and what it makes up.

Against what a plain detector of the same kind was measured to do on such cameras: ours must do at
least as well in each of them, so the worst ratio counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from bench.drift_worlds import (
    Film,
    World,
    film,
    gradual,
    one_type,
    other_mix,
    sudden,
    wider,
)
from bench.harness import Outcome, Size
from common.instants import DAY_MS, HOUR_MS, MINUTE_MS
from drift.domain.alerts import End, Round, cases_of
from drift.domain.history import History
from drift.domain.inputs import Inputs
from drift.domain.reference import FULL_DAYS
from drift.domain.silence import silent_at

UTC = ZoneInfo("UTC")
IN_TIME_MS = 3 * DAY_MS  # what is found later was not found
FALSE_ALARMS = 0.15  # a camera-week: what the plain detector has
BUSY = 900  # events an hour by day: watched every quarter


@dataclass(frozen=True)
class Trial:
    """A world, and after how many hours the plain detector has found what happens there."""

    world: World
    hours: float | None = None


TRIALS = [
    Trial(World("steady", None, days=21)),
    Trial(World("steady, busy", None, days=21, per_hour=BUSY)),
    Trial(World("sudden, .93 to .85", sudden(0.85)), 1.7),
    Trial(World("sudden, .93 to .85, busy", sudden(0.85), per_hour=BUSY), 1.7),
    Trial(World("small, .93 to .91", sudden(0.91)), 8),
    Trial(World("gradual, .93 to .85 in two days", gradual(0.85, 48)), 18),
    Trial(World("scattered, the mean as before", wider(4)), 1.3),
    Trial(World("one type of event, by .15", one_type("idle", 0.15)), 1.7),
    Trial(World("other work, recognised as before", other_mix())),
]


@dataclass(frozen=True)
class Result:
    """What came of a trial. Without a change to find, every alert is a false alarm."""

    trial: Trial
    cameras: int
    false_alarms: float  # a camera-week
    found: float
    delay_h: float | None

    @property
    def ratio(self) -> float:
        """Against the plain detector; what is not found by everyone counts twice."""
        if self.trial.hours is None:
            return self.false_alarms / FALSE_ALARMS
        if self.delay_h is None or self.found < 1:
            return 2.0
        return self.delay_h / self.trial.hours


def run(folder: Path, size: Size) -> Outcome:
    """The worst ratio of all worlds; prints the table of them."""
    results = [_tried(trial, _cameras(trial, size)) for trial in TRIALS]
    for line in _table(results):
        print(line)
    worst = max(results, key=lambda result: result.ratio)
    cameras = sum(result.cameras for result in results)
    return Outcome("cameras", cameras, None, (worst.ratio,), f"worst: {worst.trial.world.name}")


def _cameras(trial: Trial, size: Size) -> int:
    """Busy ones take long to film."""
    return max(size.workers // 4, 1) if trial.world.per_hour == BUSY else size.workers


def _tried(trial: Trial, cameras: int) -> Result:
    changes = trial.hours is not None
    false_alarms = weeks = calm = 0.0
    delays: list[float] = []
    for number in range(cameras):
        seen = film(trial.world, number)
        ends = seen.changed_at if changes else seen.ends
        rounds = _rounds(seen)
        false_alarms += sum(each.detected_at <= ends for each in rounds)
        weeks += (ends - seen.starts - FULL_DAYS * DAY_MS) / (7 * DAY_MS)
        if any(each.detected_at <= ends < (each.resolved_at or seen.ends) for each in rounds):
            continue  # nobody can be alerted who is
        calm += 1
        after = [each.detected_at - ends for each in rounds if each.detected_at > ends]
        delays += [min(after) / HOUR_MS] if after and min(after) <= IN_TIME_MS else []
    return Result(
        trial,
        cameras,
        false_alarms / weeks,
        len(delays) / calm if changes else 0.0,
        median(delays) if changes and delays else None,
    )


def _rounds(seen: Film) -> list[Round]:
    """Every opening of an alert by the detector alone, without the floor."""
    inputs = Inputs()
    history = History(seen.rows, UTC, inputs, until=seen.ends)
    cases = cases_of(history.alarms, [], inputs, End(seen.ends))
    return [each for case in cases for each in case]


def _table(results: list[Result]) -> Iterator[str]:
    row = "{:34} {:>8} {:>22} {:>7} {:>13} {:>7}".format
    yield row("world", "cameras", "false a camera-week", "found", "median delay", "plain")
    for each in results:
        changes = each.trial.hours is not None
        yield row(
            each.trial.world.name,
            each.cameras,
            f"{each.false_alarms:.3f}",
            f"{each.found:.0%}" if changes else "–",
            f"{each.delay_h:.2f} h" if each.delay_h is not None else "–",
            f"{each.trial.hours:g} h" if changes else f"{FALSE_ALARMS:g}",
        )
    yield row("silence, reports each minute", "–", "–", "100%", f"{_silence_h():.2f} h", "–")


def _silence_h() -> float:
    """A rule, not an estimate: three reports missed."""
    silent = silent_at([(0, DAY_MS)], interval_ms=MINUTE_MS)
    return (silent or DAY_MS) / HOUR_MS
