"""The time axis of a timeline: marks of the site's clock, shifts, now, and where clocks change."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from common.instants import FIVE_MINUTES_MS, to_ms, to_rfc3339
from metrics.shown.wall_clock import WallClock, parse
from metrics.shown.wording import fixed, say

Record = dict[str, Any]
View = dict[str, Any]
Zoom = tuple[int, int]  # milliseconds from the start of the answer's window

ROOM = 8  # labels that a page has room for before a script has measured it
_STEPS = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440)  # minutes that a reader finds round
_DAY = 1440


def whole(answer: Record) -> Zoom:
    """All that is drawn."""
    return 0, to_ms(parse(answer["axis_end"])) - to_ms(parse(answer["start"]))


def axis(answer: Record, clock: WallClock, zoom: Zoom, room: int) -> View:
    """What stands on it between two moments, each with its place in percent."""
    origin = to_ms(parse(answer["start"]))
    low, high = origin + zoom[0], origin + zoom[1]
    return {
        "ticks": _ticks(clock, low, high, room),
        "borders": list(_borders(answer, low, high)),
        "now": _now(answer, low, high),
        "clock_note": " ".join(_clock_changes(answer, clock)),
    }


def _ticks(clock: WallClock, low: int, high: int, room: int) -> list[View]:
    """As many as there is room for, on round times of the clock on the wall."""
    marks = range(low, high, FIVE_MINUTES_MS)
    minutes = [_minute(clock, mark) for mark in marks]
    fitting = (step for step in _STEPS if sum(minute % step == 0 for minute in minutes) <= room)
    step = next(fitting, _DAY)
    return [
        {"x": _place(mark, low, high), "label": _told(minute)}
        for mark, minute in zip(marks, minutes, strict=True)
        if minute % step == 0
    ]


def _borders(answer: Record, low: int, high: int) -> Iterator[View]:
    """Where shifts begin, with their names, and where they end."""
    for shift in answer["shifts"]:
        start, end = (to_ms(parse(shift[name])) for name in ("start", "end"))
        if start < high and end > low:
            yield {"x": _place(max(start, low), low, high), "label": shift["name"]}
        if low < end < high:
            yield {"x": _place(end, low, high), "label": ""}


def _now(answer: Record, low: int, high: int) -> str:
    at = to_ms(parse(answer["as_of"]))
    return _place(at, low, high) if answer["reaches_now"] and low < at < high else ""


def _clock_changes(answer: Record, clock: WallClock) -> Iterator[str]:
    low, high = (to_ms(parse(answer[name])) for name in ("start", "axis_end"))
    minutes = [_minute(clock, mark) for mark in range(low, high + 1, FIVE_MINUTES_MS)]
    for before, then in pairwise(minutes):
        expected = (before + 5) % _DAY
        if then != expected:
            is_back = (expected - then) % _DAY < _DAY // 2
            key = "clocks_back" if is_back else "clocks_forward"
            yield say(key, time=_told(expected), then=_told(then))


def _minute(clock: WallClock, instant: int) -> int:
    hour, minute = clock.time(to_rfc3339(instant)).split(":")
    return 60 * int(hour) + int(minute)


def _told(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _place(instant: int, low: int, high: int) -> str:
    return f"{fixed(100 * (instant - low) / (high - low), 2)}%"
