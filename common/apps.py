"""The app "common"."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """What all apps stand on; it has no tables."""

    name = "common"
    verbose_name = "Common"

    def ready(self) -> None:
        """System checks register themselves when they are imported."""
        from common import checks  # noqa: F401
