"""The detector against a slow one that is written from its description alone, hour by hour."""

from math import log, sqrt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.instants import DAY_MS, HOUR_MS
from drift.domain.buckets import QUARTER_MS
from drift.domain.detector import QUIET, watch
from drift.domain.history import History
from drift.domain.inputs import Inputs, Rules
from drift.domain.points import Row, by_hour, points_of
from drift.domain.reference import DISPERSION, EVERY_TYPE, MEAN, fit, grain_for
from tests.laws.effort import EXAMPLES, LAW

UTC = ZoneInfo("UTC")
START = 20_000 * DAY_MS
HOURS = 96  # four days, of which three are the reference
Rows = dict[str, list[Row]]


def row(hour: int, values: list[int]) -> Row:
    return (
        START + hour * HOUR_MS,
        len(values),
        sum(values),
        sum(value * value for value in values),
    )


def hourly(count: st.SearchStrategy[int]) -> st.SearchStrategy[list[list[int]]]:
    """Confidences of each hour; in some nothing is seen."""
    return st.lists(
        st.integers(5_000, 10_000).flatmap(
            lambda middle: st.builds(
                lambda n, spread: [
                    min(max(middle + (k % 7 - 3) * spread, 0), 10_000) for k in range(n)
                ],
                count,
                st.integers(0, 400),
            )
        ),
        min_size=HOURS,
        max_size=HOURS,
    )


class Slow:
    """One hour after the other, each figure from the confidences themselves."""

    def __init__(self, seen: dict[str, list[list[int]]], learnt: int) -> None:
        self.seen = {
            kind: [[value / 10_000 for value in hour] for hour in hours]
            for kind, hours in seen.items()
        }
        self.learnt = learnt
        self.days = learnt / 24
        enough = {
            kind: sum(len(hour) for hour in hours[:learnt] if len(hour) >= 5)
            for kind, hours in self.seen.items()
        }
        self.kinds = [kind for kind in sorted(enough) if enough[kind]]
        self.share = {kind: enough[kind] / sum(enough.values()) for kind in self.kinds}
        self.noise = {kind: 2 * self._within(kind) for kind in self.kinds}

    def _within(self, kind: str) -> float:
        hours = [hour for hour in self.seen[kind][: self.learnt] if len(hour) >= 5]
        return sum(len(h) * self._variance(h) for h in hours) / sum(map(len, hours))

    @staticmethod
    def _variance(hour: list[float]) -> float:
        mean = sum(hour) / len(hour)
        return sum((value - mean) ** 2 for value in hour) / (len(hour) - 1)

    def value(self, kind: str, channel: str, at: int) -> tuple[int, float, float] | None:
        """n, the value, its sampling variance; None where too little was seen."""
        hour = self.seen[kind][at]
        if len(hour) < (5 if channel == MEAN else 15):
            return None
        mean = sum(hour) / len(hour)
        if channel == MEAN:
            return len(hour), mean, self.noise[kind] / len(hour)
        inside = min(max(mean, 0.02), 0.98)
        ratio = min(max(self._variance(hour) / (inside * (1 - inside)), 0.001), 10)
        return len(hour), log(ratio), 4 / len(hour)

    def levels(self, kind: str, channel: str) -> list[float] | None:
        known = [(at, v) for at in range(self.learnt) if (v := self.value(kind, channel, at))]
        if len(known) < 12:
            return None
        overall = sum(v[0] * v[1] for _, v in known) / sum(v[0] for _, v in known)
        raw = []
        for hour in range(24):
            own = [v for at, v in known if at % 24 == hour]
            n = sum(v[0] for v in own)
            raw.append((sum(v[0] * v[1] for v in own) + 20 * overall) / (n + 20))
        return [(raw[h - 1] + 2 * raw[h] + raw[(h + 1) % 24]) / 4 for h in range(24)]

    def at(self, kind: str, channel: str, at: int) -> tuple[float, float] | None:
        """Residual and sampling variance of a segment, or of all of them."""
        kinds = self.kinds if kind == EVERY_TYPE else [kind]
        parts = [
            (self.share[each], value[1] - levels[at % 24], value[2])
            for each in kinds
            if (levels := self.levels(each, channel)) and (value := self.value(each, channel, at))
        ]
        weight = sum(share for share, _, _ in parts)
        if not parts or (kind == EVERY_TYPE and weight <= 0.5):
            return None
        return (
            sum(share * residual for share, residual, _ in parts) / weight,
            sum(share * share * noise for share, _, noise in parts) / weight**2,
        )

    def sums(self, kind: str, channel: str) -> list[float]:
        """CUSUM from the end of the reference on."""
        known = [each for at in range(self.learnt) if (each := self.at(kind, channel, at))]
        if not known and (kind == EVERY_TYPE or self.levels(kind, channel) is None):
            return []
        fitted = self.days / (self.days - 1)
        excess = [fitted * residual**2 - noise for residual, noise in known]
        between = max(sum(excess) / len(excess), 1e-7) if excess else 1e-7
        if kind == EVERY_TYPE and channel == DISPERSION:
            between = max(between, 1e-4)
        total, found = 0.0, []
        for at in range(self.learnt, HOURS):
            each = self.at(kind, channel, at)
            if each is None:
                continue
            z = each[0] / sqrt(between * (1 + 1 / self.days) + each[1])
            total = min(max(total + (-z if channel == MEAN else z) - 1, 0), 16)
            found.append(total)
        return found


@settings(LAW, max_examples=EXAMPLES // 3)  # the slow one is slow
@given(hourly(st.integers(0, 40)), hourly(st.sampled_from((0, 4, 5, 14, 15, 60))))
def test_the_sums_are_those_of_the_slow_detector(one: list, other: list) -> None:
    seen = {"working": one, "idle": other}
    points = {
        kind: points_of([row(at, hour) for at, hour in enumerate(hours) if hour], UTC)
        for kind, hours in seen.items()
    }
    first = START // DAY_MS
    days = [first, first + 1, first + 2]
    if not any(point.day in days for each in points.values() for point in each):
        return
    reference = fit(points, days, grain=HOUR_MS)
    later = {
        kind: [point for point in each if point.day not in days] for kind, each in points.items()
    }
    traces = watch(later, reference, preset="normal", least_shift=0).traces
    slow = Slow(seen, learnt=72)
    for kind in (*slow.kinds, EVERY_TYPE):
        for channel in (MEAN, DISPERSION):
            sums = traces[kind, channel].sums if (kind, channel) in traces else []
            assert list(sums) == pytest.approx(slow.sums(kind, channel), abs=1e-6)


# --- from a steady camera on ----------------------------------------------------------------------


def steady(
    days: int = 12, *, per_quarter: int = 6, fall: int | None = None, by: int = 1_500
) -> Rows:
    """A mean of .92 with some spread, a little different each hour; from an hour on less."""
    rows: Rows = {"working": []}
    for quarter in range(days * 96):
        hour = quarter // 4
        less = by if fall is not None and hour >= fall else 0
        values = [9_200 - less + (k % 3 - 1) * 300 + hour * 7 % 5 * 20 for k in range(per_quarter)]
        rows["working"].append((START + quarter * QUARTER_MS, *row(0, values)[1:]))
    return rows


def history(rows: Rows, inputs: Inputs | None = None, days: int = 12) -> History:
    return History(rows, UTC, inputs or Inputs(), until=START + days * DAY_MS)


def test_a_calm_camera_has_no_alarm() -> None:
    assert history(steady()).alarms == []


def test_a_fall_has_its_onset_where_it_began() -> None:
    (working, _) = history(steady(fall=240)).alarms
    assert working.onset_at == START + 240 * HOUR_MS
    assert working.ends is None
    assert working.before - working.now == pytest.approx(0.15, abs=0.01)


def test_a_rise_is_no_alarm() -> None:
    assert history(steady(fall=240, by=-300)).alarms == []


def test_three_days_are_learnt_before_anything_is_said() -> None:
    assert history(steady(days=3, fall=40), days=3).stretches == []


def test_until_the_eighth_day_the_reference_is_provisional() -> None:
    stretches = history(steady()).stretches
    assert [each.reference.days for each in stretches] == [3, 7]
    assert stretches[1].start == START + 7 * DAY_MS
    assert [each.reference.is_provisional for each in stretches] == [True, False]


def test_a_fall_in_the_first_week_is_not_learnt() -> None:
    """Nor does it end because nothing better is known: it lasts until somebody decides."""
    found = history(steady(fall=100))
    assert {each.reference.days for each in found.stretches} == {3}
    assert all(alarm.ends is None for alarm in found.alarms)


def test_a_day_of_alarm_in_the_first_week_only_makes_learning_longer() -> None:
    rows = steady(days=14)
    low = steady(days=14, fall=0)["working"]
    rows["working"][4 * 96 : 4 * 96 + 16] = low[4 * 96 : 4 * 96 + 16]
    learnt = history(rows, days=14).stretches[-1].reference.learnt
    assert len(learnt) == 7
    assert START // DAY_MS + 4 not in learnt


def test_busy_cameras_are_watched_every_quarter() -> None:
    rows = steady(per_quarter=60, fall=240)
    found = history(rows)
    assert found.grain == QUARTER_MS
    assert found.alarms[0].begins - START - 240 * HOUR_MS < HOUR_MS


def test_a_day_of_5000_events_is_busy() -> None:
    points = {"working": points_of(by_hour(steady(1, per_quarter=53)["working"]), UTC)}
    assert grain_for(points, [START // DAY_MS]) == QUARTER_MS
    points = {"working": points_of(by_hour(steady(1, per_quarter=52)["working"]), UTC)}
    assert grain_for(points, [START // DAY_MS]) == HOUR_MS


def test_the_quiet_preset_has_a_higher_limit() -> None:
    rules = Inputs(rules=[(0, Rules(preset=QUIET))])
    normal, quiet = (history(steady(fall=240, by=250), each).alarms for each in (None, rules))
    assert normal[0].begins < quiet[0].begins


def test_a_fall_less_than_the_least_is_no_alarm_before_it_grows() -> None:
    rules = Inputs(rules=[(0, Rules(least_shift=0.1))])
    assert history(steady(fall=240, by=500), rules).alarms == []
    assert history(steady(fall=240, by=1_200), rules).alarms


def test_an_alarm_ends_when_the_sum_is_back_under_its_limit() -> None:
    rows = steady(days=14)
    low = steady(days=14, fall=0)["working"]
    rows["working"][10 * 96 : 10 * 96 + 12] = low[10 * 96 : 10 * 96 + 12]
    alarm = history(rows, days=14).alarms[0]
    assert alarm.peak == 16
    assert alarm.doubled_at is not None
    assert alarm.ends is not None


def test_a_type_that_was_never_seen_before_is_not_watched() -> None:
    rows = steady()
    rows["absent"] = steady(fall=0)["working"][-96:]
    assert {kind for kind, _ in history(rows).stretches[-1].found.traces} == {"working", "*"}


def test_nothing_seen_is_nothing_said() -> None:
    assert history({}).alarms == []


@pytest.mark.parametrize("zone, hour", [("Europe/Berlin", 2), ("Asia/Kolkata", 5), ("UTC", 0)])
def test_hours_are_those_of_local_clocks(zone: str, hour: int) -> None:
    summer = 1_781_568_000_000  # midnight UTC of 16 June 2026
    (point,) = points_of([(summer, 5, 45_000, 405_000_000)], ZoneInfo(zone))
    assert point.hour == hour


def test_quarters_become_hours() -> None:
    rows = [(START + n * QUARTER_MS, 1, n, n * n) for n in (0, 3, 4, 12)]
    assert by_hour(rows) == [
        (START, 2, 3, 9),
        (START + HOUR_MS, 1, 4, 16),
        (START + 3 * HOUR_MS, 1, 12, 144),
    ]
    assert by_hour([]) == []


@pytest.mark.parametrize("value", [0, 10_000])
def test_confidences_that_never_vary_divide_by_nothing(value: int) -> None:
    rows = {"working": [(START + n * HOUR_MS, 20, 20 * value, 20 * value**2) for n in range(288)]}
    assert history(rows).alarms == []
