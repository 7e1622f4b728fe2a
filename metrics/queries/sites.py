"""Figures of several sites, a record each; what all of them need is read together."""

from collections.abc import Mapping, Sequence

from metrics.domain.kpis import Record
from metrics.domain.timeline import Point
from metrics.queries.attention import attention, furthest_behind
from metrics.queries.figures import Figures, known_of, read, statuses_of
from metrics.queries.question import Question
from metrics.queries.records import factory_record, workstation_now
from metrics.queries.scene import scene


def site_records(questions: Sequence[Question]) -> list[Record]:
    """The record of each site; apart from its sums a site more costs no statement more."""
    statuses = statuses_of(*questions)
    known = known_of(questions, statuses)
    return [_record(read(each, _own(each, statuses), known)) for each in questions]


def _own(question: Question, statuses: Mapping[int, Point]) -> dict[int, Point]:
    return {each: statuses[each] for each in question.master.workers_by_id if each in statuses}


def _record(figures: Figures) -> Record:
    """The factory's KPI record, with what the site's overview says first."""
    question = figures.question
    found = scene(question)
    schedule = found["schedule"]
    stations = [workstation_now(figures, station) for station in question.workstations]
    worst = next(iter(furthest_behind(stations, question)), None)
    return {
        "site": found["site"],
        "name": found["site_name"],
        "start": found["start"],
        "end": found["end"],
        "time_zone": found["time_zone"],
        "as_of": found["as_of"],
        "reaches_now": found["reaches_now"],
        "schedule_state": schedule["state"],
        "schedule_until": schedule["until"],
        "schedule_shifts": schedule["shift_names"],
        "attention": len({item["workstation_id"] for item in attention(stations, question)}),
        "bottleneck": worst["workstation_id"] if worst else None,
        **factory_record(figures),
    }
