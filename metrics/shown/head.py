"""What stands above the figures: which period, as of when, compared with which."""

from typing import Any

from metrics.shown.scene import Scene
from metrics.shown.trust import TRUSTED_COVERAGE
from metrics.shown.wall_clock import WallClock
from metrics.shown.wording import DASH, confidence, percent, say

Record = dict[str, Any]
View = dict[str, Any]


def head(scene: Scene) -> View:
    """The same on every page of a site's figures."""
    overview, clock = scene.overview, scene.clock
    moment = clock.second()
    return {
        "as_of": moment,
        "moment": say("moment", time=moment) if clock.runs else "",
        "caption": _caption(overview, clock),
        "compared": _compared(scene),
        "schedule": schedule(overview["schedule"], clock) if clock.runs else "",
        "recalculating": say("recalculating") if overview["recalculating"] else "",
        "waiting": _waiting(overview["least_confidence"]),
    }


def _caption(overview: Record, clock: WallClock) -> str:
    names = " + ".join(overview["shift_names"])
    text = _window(overview["start"], overview["end"], clock)
    return f"{say('shift', names=names)} · {text}" if names else text


def _window(start: str, end: str, clock: WallClock) -> str:
    """A day is named by itself, several by the first and the last, not by the midnight after it."""
    first, last = clock.dated(start), clock.dated(end)
    if clock.is_midnight(start) and clock.is_midnight(end):
        last = clock.dated_before(end)
        return first if first == last else f"{first} – {last}"
    if first == last:
        return f"{first}, {clock.time(start)}–{clock.time(end)}"
    return f"{first} {clock.time(start)} – {last} {clock.time(end)}"


def _compared(scene: Scene) -> str:
    if "before" not in scene.overview:
        return ""
    if not scene.before:
        return say("not_compared")
    window = _window(scene.before["start"], scene.before["end"], scene.clock)
    coverage = scene.factory_before["coverage_pct"]
    if coverage is not None and coverage < TRUSTED_COVERAGE:
        return say("compared_partial", window=window, value=percent(coverage, digits=0))
    return say("compared", window=window)


def _waiting(least: float | None) -> str:
    return "" if least is None else say("waiting", least=confidence(least))


def schedule(now: Record, clock: WallClock) -> str:
    """What the calendar says of now."""
    state, until = now["state"], now["until"]
    names = " + ".join(now["shift_names"])
    if state == "always":
        return say("always")
    if state == "closed" and not until:
        return say("closed")
    if state == "shift" and not until:
        return say("shift", names=names)
    return say(f"{state}_until", names=names, time=clock.soon(until) if until else DASH)
