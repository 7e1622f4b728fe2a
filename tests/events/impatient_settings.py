"""Our settings, for a server whose statements may take and wait as long as LIMITS_MS says."""

import json
import os

from factory_project.settings import *  # noqa: F403

REQUEST_LIMITS_MS = json.loads(os.environ["LIMITS_MS"])
