"""A site's figures as one record among those of other sites."""

from metrics.domain.kpis import Record
from metrics.queries.overview import overview
from metrics.queries.question import Question


def site_record(question: Question) -> Record:
    """The factory's KPI record, with what the site's overview says first."""
    whole = overview(question)
    worst, schedule = whole["bottleneck"], whole["schedule"]
    return {
        "site": whole["site"],
        "name": whole["site_name"],
        "start": whole["start"],
        "end": whole["end"],
        "time_zone": whole["time_zone"],
        "as_of": whole["as_of"],
        "reaches_now": whole["reaches_now"],
        "schedule_state": schedule["state"],
        "schedule_until": schedule["until"],
        "schedule_shifts": schedule["shift_names"],
        "attention": len({item["workstation_id"] for item in whole["attention"]}),
        "bottleneck": worst["workstation_id"] if worst else None,
        **whole["factory"],
    }
