"""The live floor: a tile per workstation, those that need attention first."""

from collections.abc import Mapping
from typing import Any

from metrics.shown.figures import width
from metrics.shown.head import head
from metrics.shown.links import Links
from metrics.shown.part import AT_ONCE, WHOLE, Part, part_of
from metrics.shown.rows import anchor, beside, less_sure, station_word, who
from metrics.shown.scene import Scene
from metrics.shown.trust import counted, hint, newest
from metrics.shown.wording import amount, percent, say

Record = dict[str, Any]
View = dict[str, Any]

KINDS = ("not_seen", "empty", "under_target", "less_sure")  # of attention, worst first
STATES = ("working", "idle", "absent", "unknown")
FILTERS = ("all", "attention", *STATES)


def present(overview: Record, links: Links, part: Part = WHOLE) -> View:
    """Everything on the page that moves."""
    scene = Scene.of(overview, links)
    kinds = kinds_of(overview)
    listed, about = _listed(overview, kinds, links, part)
    behind = {each["workstation_id"]: each["reason"] for each in overview["bottlenecks"]}
    return {
        **head(scene),
        "summary": summary(scene),
        "tiles": [
            _tile(record, scene, kinds[record["workstation_id"]])
            | {"note": note(record, scene, kinds, behind)}
            for record in listed
        ],
        "part": about,
        "counts": _counts(overview["workstations"], kinds),
    }


def _listed(
    overview: Record, kinds: Mapping[str, str], links: Links, part: Part
) -> tuple[list[Record], View]:
    """Of a large floor those that the filter leaves; of a small one all, of which it hides some."""
    ordered = by_attention(overview, kinds)
    if len(ordered) <= AT_ONCE:
        return part_of(ordered, "workstation_id", links, "floor", part)
    chosen = part.kept.get("state", FILTERS[0])
    alike = [each for each in ordered if _is_alike(each, kinds, chosen)]
    listed, about = part_of(alike, "workstation_id", links, "floor", part)
    return listed, {**about, "few": ""}


def _is_alike(record: Record, kinds: Mapping[str, str], chosen: str) -> bool:
    if chosen == "attention":
        return bool(kinds[record["workstation_id"]])
    return chosen not in STATES or chosen == record["state"]


def by_attention(overview: Record, kinds: Mapping[str, str]) -> list[Record]:
    """The workstations, worst first: those under target by how far, the others in their order."""

    def rank(record: Record) -> tuple[int, float]:
        kind = kinds[record["workstation_id"]]
        if kind == "under_target":
            return KINDS.index(kind), record["target_attainment_pct"]
        return (KINDS.index(kind) if kind else len(KINDS)), 0

    return sorted(overview["workstations"], key=rank)


def kinds_of(overview: Record) -> dict[str, str]:
    """Why each workstation needs attention: the worst reason; empty: it does not."""
    found = {
        record["workstation_id"]: "less_sure" if record["less_sure_since"] else ""
        for record in overview["workstations"]
    }
    for item in reversed(overview["attention"]):  # it comes worst kind first
        found[item["workstation_id"]] = item["kind"]
    return found


def _tile(record: Record, scene: Scene, kind: str) -> View:
    code, state, target = record["workstation_id"], record["state"], record["target_units"]
    return {
        "key": code,
        "id": anchor("workstation", code),
        "href": scene.links.workstation(code),
        "name": beside(record["name"], code),
        "kind": kind,
        "state": state,
        "word": station_word(state),
        "since": _since(record, scene),
        "who": who(record, scene),
        "units": amount(record["units"]),
        "of": say("of", whole=amount(target)) if target else say("no_target"),
        "attainment": percent(record["target_attainment_pct"]) if target else "",
        "fill": width(record["target_attainment_pct"]),
        "newest": newest(record["newest_event_at"], scene.clock),
        "hint": _hint(record, scene),
    }


def note(record: Record, scene: Scene, kinds: Mapping[str, str], behind: Mapping[str, str]) -> str:
    """Why a workstation needs attention, where its state does not say it."""
    code = record["workstation_id"]
    if kinds[code] == "under_target" and code in behind and not record["less_sure_since"]:
        return say(f"behind_{behind[code]}")
    return say("less_sure_now") if record["less_sure_since"] else ""


def _since(record: Record, scene: Scene) -> str:
    instant, clock = record["since"], scene.clock
    if not instant:
        return say("never_seen")
    if not clock.runs:
        return say("since", time=clock.near(instant))
    return say("since_lasting", time=clock.near(instant), lasting=clock.age(instant))


def _hint(record: Record, scene: Scene) -> str:
    """What does not stand on the tile itself."""
    shares = say(
        "there_working",
        occupancy=percent(record["occupancy_pct"]),
        utilization=percent(record["utilization_pct"]),
    )
    told = (shares, less_sure(record, scene.clock), hint(record, scene.clock))
    return "\n".join(filter(None, told))


def summary(scene: Scene) -> str:
    """Who is there, and how much was made."""
    factory = scene.overview["factory"]
    units = counted("units", factory["units"])
    if factory["target_units"]:
        attainment = percent(factory["target_attainment_pct"])
        units = say("units_of_target", units=units, attainment=attainment)
    if not scene.clock.runs:
        return units
    there, whole = factory["workers_present"], factory["workers_scheduled"]
    if whole:
        return f"{say('present_of', present=amount(there), scheduled=amount(whole))} · {units}"
    return f"{say('present_off', present=amount(there))} · {units}" if there else units


def _counts(stations: list[Record], kinds: Mapping[str, str]) -> View:
    """How many tiles each filter leaves."""
    states = [record["state"] for record in stations]
    return {
        "all": amount(len(stations)),
        "attention": amount(sum(bool(kinds[record["workstation_id"]]) for record in stations)),
        **{state: amount(states.count(state)) for state in STATES},
    }
