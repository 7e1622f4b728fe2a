"""Our settings, for an installation whose files lie in a folder of its own."""

import os
from pathlib import Path

from factory_project.settings import *  # noqa: F403

_FOLDER = Path(os.environ["FILES_FOLDER"])
MEDIA_ROOT = _FOLDER / "snapshots"
EXPORTS_ROOT = _FOLDER / "retraining"
