"""The command `record_demo`: fixtures/demo.json.gz anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from demo.recording import record


class Command(BaseCommand):
    """Its help says it."""

    help = "Writes fixtures/demo.json.gz anew: the demo factory and one shift of events."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        default = settings.BASE_DIR / "fixtures" / "demo.json.gz"
        parser.add_argument("--output", type=Path, default=default, help="(default: %(default)s)")

    def handle(self, *, output: Path, **_options: Any) -> None:
        """Records, and says where."""
        record(output)
        self.stdout.write(f"{output}: {output.stat().st_size // 1024} KB")
