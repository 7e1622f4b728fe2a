"""Hour × workstation: a cell each, coloured by one measure, with its number in it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.part import WHOLE, Part, part_of
from metrics.shown.rows import anchor, beside
from metrics.shown.scene import Scene
from metrics.shown.trust import TRUSTED_COVERAGE, counted
from metrics.shown.wording import amount, duration, fixed, percent, say

Record = dict[str, Any]
View = dict[str, Any]

MEASURES = ("utilization", "units", "target")
HIGHEST = 5  # level of colour: 0 is below 20 %, 5 is 100 % and more
_FIELDS = {
    "utilization": "utilization_pct",
    "units": "units_per_scheduled_hour",
    "target": "target_attainment_pct",
}


def present(answer: Record, links: Links, measure: str = MEASURES[0], part: Part = WHOLE) -> View:
    """Everything on the page that moves."""
    scene = Scene.of(answer, links)
    stations = {records[0]["workstation_id"]: records for records in _by_station(answer)}
    firsts = [records[0] for records in stations.values()]
    listed, about = part_of(firsts, "workstation_id", links, "hours", part)
    return {
        **head(scene),
        "hours": [_hour(each) for each in answer["hours"]],
        "rows": [_row(stations[each["workstation_id"]], scene, measure) for each in listed],
        "part": about,
    }


def _by_station(answer: Record) -> Iterator[list[Record]]:
    """The records come by workstation, with one for each hour."""
    width = len(answer["hours"]) or 1
    for first in range(0, len(answer["results"]), width):
        yield answer["results"][first : first + width]


def _hour(hour: Record) -> View:
    return {"key": _key(hour), "clock": hour["hour"][:2]}


def _key(hour: Record) -> str:
    return str(hour["start"] or hour["hour"])


def _row(records: list[Record], scene: Scene, measure: str) -> View:
    code = records[0]["workstation_id"]
    best = max(_value(record, measure) or 0 for record in records)
    return {
        "key": code,
        "code": code,
        "id": anchor("workstation", code),
        "href": scene.links.workstation(code),
        "name": beside(records[0]["name"], code),
        "cells": [_cell(record, scene, measure, best) for record in records],
    }


def _cell(record: Record, scene: Scene, measure: str, best: float) -> View:
    value, seen = _value(record, measure), _seen_ms(record)
    kind = "off" if not record["scheduled_ms"] else "" if seen or record["units"] else "unseen"
    return {
        "key": _key(record),
        "kind": kind,
        "level": "" if kind or value is None else _level(value, measure, best),
        "partial": "true" if not kind and _is_little(record) else "",
        "text": _text(value, kind, measure),
        "said": say("state_unknown") if kind == "unseen" else "",
        "to": "" if kind == "off" else _link(record, scene),
        "told": "" if kind == "off" else _hint(record, scene, kind),
    }


def _value(record: Record, measure: str) -> float | None:
    value: float | None = record[_FIELDS[measure]]
    return value


def _seen_ms(record: Record) -> int:
    seen: int = record["working_ms"] + record["idle_ms"] + record["absent_ms"]
    return seen


def _is_little(record: Record) -> bool:
    """Whether people's time there was seen for less than can be trusted of the clock's."""
    return 100 * _seen_ms(record) < TRUSTED_COVERAGE * int(record["scheduled_ms"])


def _level(value: float, measure: str, best: float) -> str:
    """Units are held against the workstation's own best hour: they are not alike elsewhere."""
    if measure == "units":
        value = 100 * value / best if best else 0
    told = Decimal(repr(value)).quantize(Decimal(1))  # as the number in the cell
    return str(min(HIGHEST, int(told // 20)))


def _text(value: float | None, kind: str, measure: str) -> str:
    if kind:
        return ""
    if measure == "units":
        return amount(value, digits=1 if value is not None and 0 < value < 10 else 0)
    return amount(value)


def _link(record: Record, scene: Scene) -> str:
    """The workstation's page of that hour; of the hours of many days, that of the period."""
    if not record["start"]:
        return scene.links.workstation(record["workstation_id"])
    start, end = (record[name].replace(":", "%3A") for name in ("start", "end"))
    hour = Links(scene.links.base, f"?start={start}&end={end}")
    return hour.workstation(record["workstation_id"])


def _hint(record: Record, scene: Scene, kind: str) -> str:
    code = record["workstation_id"]
    told = [
        " ".join(filter(None, (code, beside(record["name"], code)))) + f" · {_when(record, scene)}",
        say("state_unknown") if kind == "unseen" else _figures(record),
        counted("units", record["units"]) + _of_target(record),
        say(
            "seen_there",
            seen=duration(_seen_ms(record) // 1_000),
            scheduled=duration(record["scheduled_ms"] // 1_000),
        ),
    ]
    return "\n".join(told)


def _when(record: Record, scene: Scene) -> str:
    if not record["start"]:
        return say("hour_of_days", hour=record["hour"])
    return f"{scene.clock.time(record['start'])}–{scene.clock.time(record['end'])}"


def _figures(record: Record) -> str:
    return say("utilization_told", value=percent(record["utilization_pct"]))


def _of_target(record: Record) -> str:
    rate = say("rate_scheduled", rate=fixed(record["units_per_scheduled_hour"] or 0, 1))
    if not record["target_units"]:
        return f", {rate}"
    return f", {rate}, " + say("share_of_target", value=percent(record["target_attainment_pct"]))
