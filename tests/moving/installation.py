"""An installation of its own: a database, folders for files, and processes that use them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.databases import ENVIRONMENT

ROOT = Path(__file__).parents[2]


@dataclass
class Installation:
    database: str
    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def play(self, *words: str | Path) -> Any:
        """An act of tests.moving.play."""
        done = self._run("-m", "tests.moving.play", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def _run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=ROOT,
            env=os.environ
            | ENVIRONMENT
            | {
                "DATABASE_URL": self.database,
                "DJANGO_SETTINGS_MODULE": "tests.moving.settings_elsewhere",
                "FILES_FOLDER": str(self.folder),
            },
            capture_output=True,
            text=True,
            check=False,
        )
