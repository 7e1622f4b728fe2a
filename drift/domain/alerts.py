"""The life of alerts: a replay of what strayed, what people decided, and when nobody was to care.

Everything is event time: evaluated late, or after late events, it comes to the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from common.instants import DAY_MS
from common.intervals import union
from drift.domain.detector import Alarm
from drift.domain.floor import Low
from drift.domain.inputs import FOREVER, MODEL_REPLACED, QUIET, RETRAINING, Inputs
from drift.domain.reference import MEAN

FLOOR = "floor"
REASONS = (MEAN, "dispersion", FLOOR)  # in the order in which they are told

QUIET_AFTER = DAY_MS  # without a sum above its limit
REOPENS_WITHIN = 3 * DAY_MS  # the same matter, most likely


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that strayed, for a while. It may open an alert from `opens` on.

    `detected_at` is the end of the bucket in which the limit was crossed.
    """

    reason: str
    onset_at: int
    detected_at: int
    opens: int
    ends: int | None
    critical_at: int | None
    alarm: Alarm | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """An alert from its opening to its resolution."""

    causes: tuple[Cause, ...]
    resolved_at: int | None
    resolution: str

    @property
    def opened_at(self) -> int:
        """When the first cause opened it."""
        return self.causes[0].opens

    @property
    def onset_at(self) -> int:
        """Since when, by the causes that opened it."""
        return min(each.onset_at for each in self._openers())

    @property
    def detected_at(self) -> int:
        """When the first limit was crossed."""
        return min(each.detected_at for each in self._openers())

    @property
    def critical_at(self) -> int | None:
        """When it became so: below the floor, far beyond the limit, or in a second channel."""
        found = [each.critical_at for each in self.causes if each.critical_at is not None]
        found += [each.opens for each in self.causes if each.reason != self.causes[0].reason]
        return min(found, default=None)

    @property
    def reasons(self) -> list[str]:
        """All that took part."""
        present = {each.reason for each in self.causes}
        return [reason for reason in REASONS if reason in present]

    @property
    def alarms(self) -> list[Alarm]:
        """Of segments, in the order in which they crossed."""
        return [each.alarm for each in self.causes if each.alarm is not None]

    def _openers(self) -> list[Cause]:
        return [each for each in self.causes if each.opens == self.opened_at]


Case = tuple[Round, ...]  # an alert with its reopenings


@dataclass(frozen=True, slots=True)
class End:
    """Until when things were looked at, and since when only another version was seen there."""

    until: int
    replaced_at: int | None = None


def cases_of(alarms: Sequence[Alarm], lows: Sequence[Low], inputs: Inputs, end: End) -> list[Case]:
    """All alerts of one model version on one camera, in order of time."""
    cases: list[Case] = []
    for each in _rounds(_causes(alarms, lows, inputs, end.until), inputs, end):
        before = cases[-1][-1].resolved_at if cases else None
        if before is not None and each.opened_at - before <= REOPENS_WITHIN:
            cases[-1] += (each,)
        else:
            cases.append((each,))
    return cases


def _causes(
    alarms: Sequence[Alarm], lows: Sequence[Low], inputs: Inputs, until: int
) -> list[Cause]:
    """Those that may open an alert, in the order in which they do."""
    found = [
        *(_of_alarm(alarm, _opens(alarm.begins, inputs)) for alarm in alarms),
        *(_of_low(low, _opens(low.begins, inputs)) for low in lows),
    ]
    end = min(until + 1, _retraining(inputs))
    open_ = [each for each in found if each.opens < min(end, each.ends or FOREVER)]
    return sorted(open_, key=_order)


def _of_alarm(alarm: Alarm, opens: int) -> Cause:
    critical = None if alarm.doubled_at is None else max(alarm.doubled_at, opens)
    return Cause(alarm.channel, alarm.onset_at, alarm.begins, opens, alarm.ends, critical, alarm)


def _of_low(low: Low, opens: int) -> Cause:
    return Cause(FLOOR, low.onset_at, low.begins, opens, low.ends, critical_at=opens)


def _opens(at: int, inputs: Inputs) -> int:
    """Not while the camera is being maintained."""
    for start, end in union(inputs.maintenance):
        if start <= at < end:
            return end
    return at


def _retraining(inputs: Inputs) -> int:
    """Who has asked for retraining knows; that version is not alerted again."""
    asked = (each.at for each in inputs.decisions if each.resolution == RETRAINING)
    return min(asked, default=FOREVER)


def _order(cause: Cause) -> tuple[int, int, str]:
    kind = cause.alarm.event_type if cause.alarm else ""
    return cause.opens, REASONS.index(cause.reason), kind


def _rounds(causes: Sequence[Cause], inputs: Inputs, end: End) -> Iterator[Round]:
    current: list[Cause] = []
    for cause in causes:
        if current and cause.opens >= _closing(current, inputs, end)[0]:
            yield _closed(current, inputs, end)
            current = []
        current.append(cause)
    if current:
        yield _closed(current, inputs, end)


def _closed(causes: Sequence[Cause], inputs: Inputs, end: End) -> Round:
    at, resolution = _closing(causes, inputs, end)
    return Round(tuple(causes), *((at, resolution) if at <= end.until else (None, "")))


def _closing(causes: Sequence[Cause], inputs: Inputs, end: End) -> tuple[int, str]:
    """When and how the alert of these causes is resolved, whatever comes first."""
    opened = causes[0].opens
    ways = [(each.at, each.resolution) for each in inputs.decisions if each.at > opened]
    ways.append((max(each.ends or FOREVER for each in causes) + QUIET_AFTER, QUIET))
    if end.replaced_at is not None and end.replaced_at > opened:
        ways.append((end.replaced_at, MODEL_REPLACED))
    return min(ways)
