"""Records fixtures/demo.json.gz: the demo factory, one shift of events, and what follows."""

import gzip
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

RECORDED_ON = date(2026, 3, 17)  # a Tuesday, and one of the days on which a camera fails
MODELS = [
    "workers.User",
    "workers.Site",
    "workers.Shift",
    "workers.ShiftBreak",
    "workers.Worker",
    "workers.ShiftAssignment",
    "workers.Workstation",
    "workers.WorkstationTarget",
    "workers.Camera",
    "workers.CameraModelVersion",
    "workers.IngestKey",
    "workers.Membership",
    "events.Event",
    "metrics.Span",
    "metrics.WorkerStatus",
    "metrics.Bucket",
    "metrics.WorkstationBucket",
    "drift.Segment",
    "drift.ConfidenceBucket",
    "drift.ConfidenceBin",
]
MANY = {"events.event", "metrics.span", "metrics.bucket", "metrics.workstationbucket"}


def record(target: Path) -> None:
    """Plays the shift on a database of its own and writes what is then there, always the same."""
    with TemporaryDirectory(prefix="demo-recording-") as name:
        folder = Path(name)
        dump = folder / "demo.json"
        _manage(folder, "migrate")
        _manage(folder, "seed_demo", "--one-shift", RECORDED_ON.isoformat())
        # Users go by name: their numbers may be taken where the fixture is loaded.
        natural = ("--natural-primary", "--natural-foreign")
        _manage(folder, "dumpdata", *MODELS, *natural, "--output", str(dump))
        target.write_bytes(gzip.compress(_compact(dump.read_text()), compresslevel=9, mtime=0))


def _manage(folder: Path, *words: str) -> None:
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder / 'recording.sqlite3'}"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words, "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own commands


def _compact(text: str) -> bytes:
    """One object a line."""
    rows = [json.dumps(_slim(row), separators=(",", ":")) for row in json.loads(text)]
    return "[\n{}\n]\n".format(",\n".join(rows)).encode()


def _slim(row: dict[str, Any]) -> dict[str, Any]:
    """The many rows come without numbers: they load twice as fast, and never onto other rows."""
    return {name: row[name] for name in row if name != "pk" or row["model"] not in MANY}
