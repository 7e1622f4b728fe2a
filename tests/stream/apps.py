"""Puts a bug into a consumer when it starts."""

import os

from django.apps import AppConfig


class Broken(AppConfig):
    name = "tests.stream"
    label = "broken_consumers"

    def ready(self) -> None:
        from tests.stream.broken_consumers import BUGS

        BUGS[os.environ["SEEDED_BUG"]]()
