"""Strips of a state timeline as a page begins with them; of many days, the days to choose from."""

from datetime import datetime, timedelta
from typing import Any

from common.instants import FIVE_MINUTES_MS, to_ms, to_rfc3339
from metrics import queries
from metrics.pages.asked import Asked
from metrics.queries import Question
from metrics.shown.axis import Zoom, whole
from metrics.shown.part import WHOLE, Part
from metrics.shown.strips import present
from metrics.shown.wall_clock import WallClock
from metrics.shown.wording import say
from metrics.windows import WindowError
from workers.domain.calendar import day_start, local_day

MOST_DAYS = 31  # the last of a long period; each is a click


def strips_of(asked: Asked, question: Question, *, path: str, **narrowed: str) -> dict[str, Any]:
    """For templates/metrics/_strips.html: strips, or days where it is too long for them."""
    if not queries.is_drawn(question.window):
        return {"days": days(asked, question, path)}
    return drawn(asked, queries.strips(question), path=path, part=WHOLE, **narrowed)


def drawn(
    asked: Asked, answer: dict[str, Any], *, path: str, part: Part = WHOLE, **narrowed: str
) -> dict[str, Any]:
    """Strips that were asked for. Raises WindowError where the zoom is none."""
    return {
        "timeline": present(answer, asked.links, _zoom(asked, answer), part=part),
        "strips_url": asked.api("strips", **asked.parameters, **narrowed),
        "spans_url": asked.api("timeline", **asked.parameters, **narrowed),
        "states": [(state, say(f"state_{state}")) for state in answer["states"]],
        "whole_url": asked.links.page(path, **asked.looks_for),
    }


def days(asked: Asked, question: Question, path: str) -> list[dict[str, str]]:
    """The local days of a period, each with its address."""
    zone, window = question.master.time_zone, question.window
    clock = WallClock.at(to_rfc3339(window.as_of), zone.key, runs=False)
    last = local_day(zone, window.end - 1)
    first = max(local_day(zone, window.start), last - timedelta(days=MOST_DAYS - 1))
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        start, end = (to_rfc3339(day_start(zone, each)) for each in (day, day + timedelta(days=1)))
        links = asked.links_with({"start": start, "end": end})
        found.append({"label": clock.day(start), "url": links.page(path)})
    return found


def _zoom(asked: Asked, answer: dict[str, Any]) -> Zoom | None:
    """The part that the address asks for; of a period that has moved on, all."""
    text = asked.given.get("zoom", "")
    if not text:
        return None
    try:
        low, high = (to_ms(datetime.fromisoformat(mark)) for mark in text.split("/"))
    except (ValueError, OverflowError) as error:
        raise WindowError("zoom is from an RFC 3339 time to another: start/end.") from error
    if low % FIVE_MINUTES_MS or high % FIVE_MINUTES_MS or low >= high:
        raise WindowError("A zoom begins and ends on 5-minute marks, the end after the start.")
    origin = to_ms(datetime.fromisoformat(answer["start"]))
    end = whole(answer)[1]
    zoom = (low - origin, high - origin)
    return zoom if zoom[0] >= 0 and zoom[1] <= end and zoom != (0, end) else None
