"""What a page says around its figures: the period, its shifts, and what the calendar says now."""

from common.instants import to_rfc3339
from metrics.domain.kpis import Record
from metrics.queries.question import Question, envelope
from metrics.queries.schedule import schedule_now
from workers.domain.calendar import instances


def scene(question: Question) -> Record:
    """The envelope, and what heads a page."""
    window = question.window
    return {
        **envelope(question),
        "site_name": question.master.name,
        "period": window.period,
        "reaches_now": window.reaches_now,
        "shift_names": list(window.shifts or ()),
        "schedule": schedule_now(question.master, window.as_of),
        "recalculating": question.recalculating,
        "least_confidence": question.master.least_confidence or None,
        "people_shown": "names" if question.names_shown else "codes",
    }


def shifts(question: Question) -> list[Record]:
    """The shifts in the window, whole: charts mark where they begin and end."""
    found = instances(question.master, question.window.interval, shifts=question.window.shifts)
    return [
        {"name": each.name, "start": to_rfc3339(each.start), "end": to_rfc3339(each.end)}
        for each in found
    ]
