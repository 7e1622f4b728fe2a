"""The app "events"."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events."""

    name = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        """System checks register themselves when they are imported."""
        from events import checks  # noqa: F401
