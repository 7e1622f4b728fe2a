"""Our settings, for a consumer with the bug that SEEDED_BUG names."""

from factory_project.settings import *  # noqa: F403
from factory_project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.stream.apps.Broken"]
