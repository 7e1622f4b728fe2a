"""The app "workers"."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """Master data."""

    name = "workers"
    verbose_name = "Master data"

    def ready(self) -> None:
        """Every write of master data raises its site's revision."""
        from workers import revisions

        revisions.watch()
