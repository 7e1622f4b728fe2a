"""The project's settings with other tasks, for workers in processes of their own."""

from factory_project.settings import *  # noqa: F403

WORKER_TASKS = [
    ("tests.workers.errands.slow", 3600),
    ("tests.workers.errands.note", 1),
    ("tests.workers.errands.fail", 1),
]
