"""The ladder can be climbed; how far, nobody looks at here."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_cameras_and_pages_are_answered_with_all_parts_at_work(tmp_path: Path) -> None:
    file = tmp_path / "ladder.json"
    words = ["kafka", "--rungs", "2", "--seconds", "1", "--output", str(file)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.ladder", *words],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    (rung,) = json.loads(file.read_text())
    assert rung["bad"] == {}
    assert rung["events_per_s"] > 0
    assert rung["poll_p50"] > 0
