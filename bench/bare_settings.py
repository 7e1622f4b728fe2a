"""Our settings with the counterparts' addresses instead of ours: same middleware and pragmas."""

from factory_project.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
