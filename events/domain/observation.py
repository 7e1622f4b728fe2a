"""A fact as plain values, and the two questions asked of facts.

What makes a duplicate, and which of two is in force.
"""

import msgspec

from common.instants import MINUTE_MS

LATE_MS = 2 * MINUTE_MS  # an event that arrives later than this after its timestamp counts as late
COUNT = "product_count"
Key = tuple[int, int, str, int, int]


class Observation(msgspec.Struct, frozen=True, gc=False):
    """One fact, or what counts instead of it. Instants are milliseconds since 1970 UTC.

    The order of the fields is the order of the table's columns; `reviewed` is none of them.
    """

    site_id: int
    camera_id: int
    worker_id: int
    workstation_id: int
    event_type: str
    occurred_at: int
    received_at: int
    confidence: float | None
    count: int
    restated: bool
    model_version: str
    snapshot_id: str
    reviewed: bool = False  # by a reviewer whose word is in force

    @property
    def key(self) -> Key:
        """What makes a duplicate."""
        return (
            self.worker_id,
            self.occurred_at,
            self.event_type,
            self.workstation_id,
            self.camera_id,
        )


COLUMNS = Observation.__struct_fields__[:-1]
KEY_COLUMNS = ("worker_id", "occurred_at", "event_type", "workstation_id", "camera_id")
