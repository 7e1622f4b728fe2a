"""The app "drift"."""

from django.apps import AppConfig


class DriftConfig(AppConfig):
    """Model drift: confidence histograms, checks, alerts; review: queue, sampling, statistics."""

    name = "drift"
    verbose_name = "Recognition"
