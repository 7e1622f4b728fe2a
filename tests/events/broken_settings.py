"""Our settings, for a server with the bug that SEEDED_BUG names."""

import os

from factory_project.settings import *  # noqa: F403
from factory_project.settings import MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, f"tests.events.broken_servers.{os.environ['SEEDED_BUG']}"]
