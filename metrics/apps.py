"""The app "metrics"."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """Figures."""

    name = "metrics"
    verbose_name = "Figures"
