"""A site's figures as one record among those of other sites."""

from metrics.domain.kpis import Record
from metrics.queries.overview import whole
from metrics.queries.question import Question


def site_record(question: Question) -> Record:
    """The factory's KPI record, with what the site's overview says first."""
    found = whole(question)
    worst, schedule = found["bottleneck"], found["schedule"]
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
        "attention": len({item["workstation_id"] for item in found["attention"]}),
        "bottleneck": worst["workstation_id"] if worst else None,
        **found["factory"],
    }
