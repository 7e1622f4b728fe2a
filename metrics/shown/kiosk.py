"""The live floor on a wall screen: every workstation in its own place, in turns where too many."""

from typing import Any

from metrics.shown.figures import width
from metrics.shown.floor import kinds_of, note, summary
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.rows import beside, since, station_word
from metrics.shown.scene import Scene
from metrics.shown.trust import counted
from metrics.shown.wording import amount, percent, say

Record = dict[str, Any]
View = dict[str, Any]

ROOMS = (6, 8, 12, 20, 30, 40)  # tiles on a screen; the fewer, the larger (assets/pages/kiosk.css)
IN_TURNS = 30  # on a screen at most, where not all have room on one


def present(overview: Record, links: Links) -> View:
    """Everything on the screen that moves."""
    scene = Scene.of(overview, links)
    kinds = kinds_of(overview)
    behind = {each["workstation_id"]: each["reason"] for each in overview["bottlenecks"]}
    stations = overview["workstations"]
    pages, each_page, room = _turns(len(stations))
    needy = [each["workstation_id"] for each in stations if kinds[each["workstation_id"]]]
    return {
        **head(scene),
        "clock": scene.clock.time(scene.clock.instant),
        "summary": summary(scene),
        "attention": _attention(needy),
        "needy": "true" if needy else "",
        "room": str(room),
        "pages": str(pages),
        "turn": say("turn", page="1", pages=str(pages)) if pages > 1 else "",
        "tiles": [
            _tile(record, scene, kinds[record["workstation_id"]])
            | {"note": note(record, scene, kinds, behind), "page": str(place // each_page + 1)}
            for place, record in enumerate(stations)
        ],
    }


def _turns(tiles: int) -> tuple[int, int, int]:
    """How many pages, how many tiles on each, and for how many there is room."""
    pages = 1 if tiles <= ROOMS[-1] else -(-tiles // IN_TURNS)
    each_page = max(-(-tiles // pages), 1)
    return pages, each_page, next(room for room in ROOMS if each_page <= room)


def _attention(needy: list[str]) -> str:
    if not needy:
        return say("all_well")
    words = counted("need_attention", len(needy))
    return say("attention_list", words=words, stations=", ".join(needy))


def _tile(record: Record, scene: Scene, kind: str) -> View:
    code, state, target = record["workstation_id"], record["state"], record["target_units"]
    return {
        "key": code,
        "name": beside(record["name"], code),
        "kind": kind,
        "state": state,
        "word": station_word(state),
        "lasting": since(record, scene.clock)["lasting"],
        "who": ", ".join(record.get("worker_ids", [])),  # by code, whatever the site shows else
        "units": amount(record["units"]),
        "of": say("of", whole=amount(target)) if target else say("units_alone"),
        "attainment": percent(record["target_attainment_pct"], digits=0) if target else "",
        "fill": width(record["target_attainment_pct"]),
    }
