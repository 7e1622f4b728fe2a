"""An alert in words: a headline, and a line for each thing that strayed."""

from datetime import datetime
from math import exp
from typing import Any
from zoneinfo import ZoneInfo

from drift.domain.reference import DISPERSION, EVERY_TYPE, MEAN
from drift.models import Alert, Reason

Segment = dict[str, Any]  # as Alert.segments holds them


def headline(alert: Alert) -> str:
    """One line: which camera, what, since when."""
    return f"{alert.camera.code}: {what(alert)} since {moment(alert, alert.onset_at)}"


def what(alert: Alert) -> str:
    """What has become of its recognition, such as "less sure (idle .93 → .85)"."""
    if Reason.SILENCE in alert.reasons:
        return "silent"
    if Reason.VOLUME in alert.reasons:
        return "fewer events than usual"
    falls = [each for each in alert.segments if each["channel"] == MEAN]
    worst = min(falls, key=_telling, default=None)
    return f"recognition less sure ({segment_line(worst)})" if worst else "recognition less sure"


def lines(alert: Alert) -> list[str]:
    """What strayed, most telling first."""
    told = [segment_line(each) for each in sorted(alert.segments, key=_telling)]
    if Reason.FLOOR in alert.reasons:
        told.append("the mean of 24 hours lies below the floor")
    return told


def segment_line(segment: Segment) -> str:
    """Such as "idle .93 → .85"."""
    kind = kind_of(segment)
    before, now = segment["before"], segment["now"]
    if segment["channel"] == MEAN:
        return f"{kind} {share(before)} → {share(now)}"
    if segment["channel"] == DISPERSION:
        return f"{kind}: confidences scatter {exp((now - before) / 2):.1f} times as widely"
    return f"{now:,.0f} events where about {before:,.0f} are usual"


def kind_of(segment: Segment) -> str:
    """The type of event in words."""
    kind: str = segment["event_type"]
    return "all types" if kind == EVERY_TYPE else kind.replace("_", " ")


def share(value: float) -> str:
    """A confidence as people write it: .93."""
    return f"{value:.2f}".removeprefix("0")


def moment(alert: Alert, at: datetime) -> str:
    """On the site's clock."""
    return f"{at.astimezone(ZoneInfo(alert.site.time_zone)):%a %d %b %H:%M}"


def _telling(segment: Segment) -> tuple[bool, bool, float]:
    """Falls of the mean first, single types before all of them, the largest first."""
    return (
        segment["channel"] != MEAN,
        segment["event_type"] == EVERY_TYPE,
        -abs(segment["shift"]),
    )
