"""A body that makes one of each kind of master data, at a site that has W1, S1, C1 and Early."""

from typing import Any

BODIES: dict[str, dict[str, Any]] = {
    "workers": {"code": "W9", "name": "Ada"},
    "workstations": {"code": "S9", "name": "Press"},
    "cameras": {"code": "C9", "name": "Above the press"},
    "shifts": {"name": "Late", "weekdays": [1], "start": "14:00", "end": "22:00"},
    "closures": {
        "start": "2026-12-24T00:00:00Z",
        "end": "2026-12-27T00:00:00+01:00",
        "reason": "Christmas",
    },
    "shift-assignments": {"worker": "W1", "shift": "Early", "valid_from": "2026-03-01"},
    "workstation-targets": {
        "workstation": "S1",
        "target_per_hour": 12.5,
        "valid_from": "2026-03-01",
    },
    "camera-model-versions": {
        "camera": "C1",
        "model_version": "yolo-12",
        "runs_since": "2026-03-01T00:00:00Z",
    },
    "ingest-keys": {"camera": "C1"},
    "memberships": {"user": "newcomer", "role": "viewer"},
}
KINDS = list(BODIES)
CLOSED_TO_VIEWERS = {"workers", "shift-assignments"}
FOR_ADMINS = {"ingest-keys", "memberships"}


def may_read(role: str, kind: str) -> bool:
    if kind in FOR_ADMINS:
        return role == "admin"
    return role != "viewer" or kind not in CLOSED_TO_VIEWERS
