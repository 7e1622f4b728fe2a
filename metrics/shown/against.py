"""Differences, with their own sign and words: to the period before, to all workers."""

from typing import Any

from metrics.shown.wording import amount, fixed, say

View = dict[str, Any]

MINUS = "−"


def points(value: float | None, other: float | None, name: str) -> View:
    """Of percentages: `3.1 points below yesterday`."""
    return _told(value, other, name, words=("points_above", "points_below"), digits=1)


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
