"""What a camera sees: a worker's state, or a finished unit, at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

WORKING = "working"
IDLE = "idle"
ABSENT = "absent"
PRODUCT_COUNT = "product_count"


@dataclass(frozen=True)
class Sighting:
    seen_at: datetime
    camera_id: str
    worker_id: str
    workstation_id: str
    event_type: str
    confidence: float
