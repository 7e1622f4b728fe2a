"""Figures over time, as the charts of a page begin with them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from common.instants import DAY_MS, HOUR_MS
from metrics import queries
from metrics.pages.asked import Asked
from metrics.queries import Question
from metrics.shown.overview import present_series
from metrics.windows import Window

BUCKETS = (  # how finely charts divide a window of up to so many milliseconds
    (26 * HOUR_MS, "5m", gettext_lazy("per 5 minutes")),  # a day on which the clocks go back
    (9 * DAY_MS, "1h", gettext_lazy("per hour")),
    (float("inf"), "1d", gettext_lazy("per day")),
)
DRAWN = (  # of each bucket, and no more
    "start",
    "end",
    "is_scheduled",
    "utilization_pct",
    "utilization_low_pct",
    "utilization_high_pct",
    "coverage_pct",
    "units",
)


def charts(asked: Asked, question: Question, narrowed: dict[str, str]) -> dict[str, Any]:
    """For templates/metrics/_charts.html."""
    bucket, bucket_words = _bucket_of(question.window)
    series = queries.series(question, bucket)
    shown = {name: series[name] for name in ("as_of", "time_zone")}
    results = series["results"]
    drawn = [{name: record[name] for name in DRAWN} for record in results]
    return {
        "buckets": present_series(results, **shown),
        "charted": {**shown, "shifts": series["shifts"], "results": drawn},
        "bucket_words": bucket_words,
        "has_band": "workstation_id" not in narrowed,  # nobody is missed at one workstation
        "series_url": asked.api("series", **asked.parameters, **narrowed, bucket=bucket),
    }


def _bucket_of(window: Window) -> tuple[str, Promise]:
    length = window.end - window.start
    return next((name, label) for longest, name, label in BUCKETS if length <= longest)
