"""Reads figures: from buckets, open tails and a few rows around now; never by scanning events."""

from metrics.queries.comparison import COMPARISONS
from metrics.queries.days import newest_day_with_data
from metrics.queries.hours import hours
from metrics.queries.overview import factory, overview, workers, workstations
from metrics.queries.question import Question, envelope
from metrics.queries.series import series
from metrics.queries.sites import site_records
from metrics.queries.strips import is_drawn, strips
from metrics.queries.timeline import timeline

__all__ = [
    "COMPARISONS",
    "Question",
    "envelope",
    "factory",
    "hours",
    "is_drawn",
    "newest_day_with_data",
    "overview",
    "series",
    "site_records",
    "strips",
    "timeline",
    "workers",
    "workstations",
]
