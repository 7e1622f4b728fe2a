"""The app "workers", and the admin as it is opened here."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class FactoryAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our front door."""

    default = False  # of this module's two, `workers` alone means the one below
    default_site = "workers.admin_site.FactoryAdminSite"


class WorkersConfig(AppConfig):
    """Master data."""

    name = "workers"
    verbose_name = "Master data"

    def ready(self) -> None:
        """Every write of master data raises its site's revision."""
        from workers import revisions

        revisions.watch()
