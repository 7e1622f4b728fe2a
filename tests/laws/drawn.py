"""What timelines and heat maps draw is what the other answers tell."""

from common.instants import to_ms
from metrics.shown.wall_clock import parse
from tests.floor import Floor, Json
from tests.laws.figures_oracle import Figures

SUMMED = ("working_ms", "idle_ms", "absent_ms", "units", "scheduled_ms", "target_units")
PRESENT = ("working", "idle")

Stretch = tuple[str, str, str, int, int]


def check_strips(floor: Floor, words: list[str], figures: Figures, overview: Json) -> None:
    """Work and idleness are the timeline's, absence and gaps those that count, ticks all units."""
    answer = floor.figures("strips", *words)
    present = [each for each in figures.timeline() if each[2] in PRESENT]
    assert [each for record in answer["results"] for each in _seen(record, answer)] == present
    drawn = {record["worker_id"]: record for record in answer["results"]}
    for row in overview["workers"]:
        record = drawn.get(row["worker_id"], {"spans": [], "counts": []})
        for state in ("absent", "unknown"):
            spans = [span for span in record["spans"] if answer["states"][span[2]] == state]
            assert sum(end - start for start, end, *_ in spans) == row[f"{state}_ms"]
        units = sum(made for _, made, _ in record["counts"])
        assert units == row["units"] + row["units_unscheduled"]


def _seen(record: Json, answer: Json) -> list[Stretch]:
    origin = to_ms(parse(answer["start"]))
    return [
        (
            record["worker_id"],
            answer["workstations"][place]["workstation_id"],
            answer["states"][state],
            origin + start,
            origin + end,
        )
        for start, end, state, place in record["spans"]
        if answer["states"][state] in PRESENT
    ]


def check_hours(floor: Floor, words: list[str], overview: Json) -> None:
    """The hours of a workstation sum up to its record."""
    results = floor.figures("hours", *words)["results"]
    for station in overview["workstations"]:
        mine = [row for row in results if row["workstation_id"] == station["workstation_id"]]
        for name in SUMMED:
            found = sum(row[name] for row in mine)
            assert abs(found - station[name]) < 1e-9 * (1 + station[name]), name
