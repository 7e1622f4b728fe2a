"""The state timeline: a strip per worker, the axis above them, and the same spans as a table."""

from collections.abc import Iterator
from typing import Any

from common.instants import FIVE_MINUTES_MS, SECOND_MS, ceil_to, floor_to, to_ms, to_rfc3339
from metrics.shown.axis import ROOM, Zoom, axis, whole
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.part import WHOLE, Part, part_of
from metrics.shown.rows import anchor, beside
from metrics.shown.scene import Scene
from metrics.shown.trust import counted
from metrics.shown.wall_clock import parse
from metrics.shown.wording import DASH, duration, fixed, say

Record = dict[str, Any]
View = dict[str, Any]
Span = tuple[int, int, int, int]

MOST_SPANS = 300  # in the table; of a zoomed timeline those of what is shown
_BRIEF_MS = FIVE_MINUTES_MS  # a span shorter than that is told to the second
_USUAL_WIDTH = 900  # pixels, until a script has measured


def present(
    answer: Record,
    links: Links,
    zoom: Zoom | None = None,
    room: int = ROOM,
    part: Part = WHOLE,
) -> View:
    """Everything on the page that moves."""
    scene = Scene.of(answer, links)
    low, high = zoom or whole(answer)
    workers, about = part_of(answer["results"], "worker_id", links, "timeline", part)
    listed = list(_listed(workers, low, high))
    most, latest = _most(answer), to_ms(parse(answer["end"])) - to_ms(parse(answer["start"]))
    return {
        **head(scene),
        **axis(answer, scene.clock, (low, high), room),
        "zoomed": _zoomed(scene, zoom),
        "view_box": f"{low // SECOND_MS} 0 {(high - low) // SECOND_MS} 24",
        "stripe": fixed((high - low) / SECOND_MS / _USUAL_WIDTH, 3),
        "strips": [
            _strip(record, answer, links) | {"ticks": _ticks(record["counts"], most, latest)}
            for record in workers
        ],
        "part": about,
        "spans": [span_row(record, span, scene) for record, span in listed[:MOST_SPANS]],
        "more_spans": _more(len(listed) - MOST_SPANS),
    }


def _listed(workers: list[Record], low: int, high: int) -> Iterator[tuple[Record, Span]]:
    for record in workers:
        for span in record["spans"]:
            if span[0] < high and span[1] > low:
                yield record, span


def _more(number: int) -> str:
    return counted("more_spans", number) if number > 0 else ""


def _zoomed(scene: Scene, zoom: Zoom | None) -> str:
    return "" if zoom is None else say("zoomed", span=_from_to(scene, *zoom))


def _from_to(scene: Scene, start: int, end: int) -> str:
    origin = to_ms(parse(scene.overview["start"]))
    told = scene.clock.exact if end - start < _BRIEF_MS else scene.clock.time
    return "–".join(told(to_rfc3339(origin + at)) for at in (start, end))


def _strip(record: Record, answer: Record, links: Links) -> View:
    code = record["worker_id"]
    return {
        "key": code,
        "id": anchor("worker", code),
        "href": links.worker(code),
        "name": beside(record["name"], code),
        "label": " ".join(filter(None, (code, beside(record["name"], code)))),
        "summary": _summary(record, answer),
        **_paths(record, answer["states"]),
    }


def _summary(record: Record, answer: Record) -> str:
    """How long each state lasted, together."""
    lasted = dict.fromkeys(answer["states"], 0)
    for start, end, state, _ in record["spans"]:
        lasted[answer["states"][state]] += end - start
    told = [
        f"{say(f'state_{state}')} {duration(milliseconds // 1_000)}"
        for state, milliseconds in lasted.items()
        if milliseconds
    ]
    return ", ".join(told) or DASH


def _paths(record: Record, states: list[str]) -> View:
    """One outline per state, in seconds: a strip costs the same few elements however long."""
    drawn: dict[str, list[str]] = {state: [] for state in states}
    for start, end, state, _ in record["spans"]:
        x, right = start // SECOND_MS, end // SECOND_MS
        shape = f"h{right - x}" if states[state] == "break" else f"h{right - x}v14h{x - right}z"
        drawn[states[state]].append(f"M{x} {9 if states[state] == 'break' else 2}{shape}")
    return {state: "".join(parts) for state, parts in drawn.items()}


def _most(answer: Record) -> int:
    """The most units in 5 minutes: as high as a tick can be."""
    return max((units for each in answer["results"] for _, units, _ in each["counts"]), default=1)


def _ticks(counts: list[tuple[int, int, int]], most: int, latest: int) -> str:
    """In the middle of their 5 minutes, under the states; none lies past now."""
    middle = FIVE_MINUTES_MS // 2
    return "".join(
        f"M{min(start + middle, latest) // SECOND_MS} 24v-{3 + 4 * units // most}"
        for start, units, _ in counts
    )


def span_row(record: Record, span: Span, scene: Scene) -> View:
    """A span in words."""
    start, end, state, place = span
    station = scene.overview["workstations"][place] if place >= 0 else None
    return {
        "key": f"{record['worker_id']} {start}",
        "who": record["worker_id"],
        "state": scene.overview["states"][state],
        "word": say(f"state_{scene.overview['states'][state]}"),
        "from_to": _from_to(scene, start, end),
        "lasting": duration((end - start) // 1_000),
        "place": station["workstation_id"] if station else DASH,
        "cameras": _cameras(station),
        "units": _units(record, span, scene),
    }


def _cameras(station: Record | None) -> str:
    if station is None:
        return ""
    names = ", ".join(station["cameras"])
    return say("watched_by", cameras=names) if names else say("watched_by_none")


def _units(record: Record, span: Span, scene: Scene) -> str:
    """Units are known in steps of 5 minutes: those of all steps that the span meets."""
    first, last = floor_to(span[0], FIVE_MINUTES_MS), ceil_to(span[1], FIVE_MINUTES_MS)
    units = sum(
        made
        for start, made, place in record["counts"]
        if first <= start < last and span[3] in (place, -1)
    )
    if not units:
        return ""
    return say("units_from_to", units=counted("units", units), span=_from_to(scene, first, last))
