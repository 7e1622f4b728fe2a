"""Differences, with their own sign and words: to the period before, to all workers."""

from typing import Any

from metrics.shown.wording import amount, fixed, say

Record = dict[str, Any]
View = dict[str, Any]

MINUS = "−"
ALIKE = 0.8  # of the longer of two scheduled times


def points(value: float | None, other: float | None, name: str) -> View:
    """Of percentages: `3.1 points below yesterday`."""
    return _told(value, other, name, words=("points_above", "points_below"), digits=1)


def units(record: Record, before: Record, name: str) -> View:
    """Of what was made: only where about as much time was scheduled, else that is said."""
    scheduled, then = record["scheduled_ms"], before.get("scheduled_ms")
    if name and not is_alike(scheduled, then):
        word = "less_scheduled" if then < scheduled else "more_scheduled"
        return {"delta": say(word, name=name), "trend": ""}
    return number(record["units"], before.get("units"), name)


def is_alike(scheduled_ms: int | None, then_ms: int | None) -> bool:
    """Whether amounts of two periods can be compared; what nobody knows is taken as alike."""
    if scheduled_ms is None or then_ms is None:
        return True
    return min(scheduled_ms, then_ms) >= ALIKE * max(scheduled_ms, then_ms)


def number(value: float | None, other: float | None, name: str, *, digits: int = 0) -> View:
    """Of amounts: `58 more than yesterday`."""
    return _told(value, other, name, words=("more_than", "fewer_than"), digits=digits)


def short(value: float | None, other: float | None, *, digits: int = 1) -> str:
    """For a table's cell: `+3.1`; nothing where there is nothing to compare."""
    if value is None or other is None:
        return ""
    text = fixed(abs(value - other), digits)
    if float(text.replace(",", "")) == 0:
        return "±0"
    return f"+{text}" if value > other else f"{MINUS}{text}"


def _told(
    value: float | None, other: float | None, name: str, *, words: tuple[str, str], digits: int
) -> View:
    if value is None or other is None or not name:
        return {"delta": "", "trend": ""}
    difference = value - other
    text = amount(abs(difference), digits=digits)
    if float(text.replace(",", "")) == 0:
        return {"delta": say("same_as", name=name), "trend": "same"}
    more, fewer = words
    if difference > 0:
        return {"delta": say(more, n=text, name=name), "trend": "up"}
    return {"delta": say(fewer, n=text, name=name), "trend": "down"}
