"""Master data: what an admin keeps so that events can be understood."""

from workers.models.access import IngestKey, Membership, Role, User
from workers.models.cameras import Camera, CameraModelVersion
from workers.models.floor import ShiftAssignment, Worker, Workstation, WorkstationTarget
from workers.models.sites import Closure, Shift, ShiftBreak, Site

__all__ = [
    "Camera",
    "CameraModelVersion",
    "Closure",
    "IngestKey",
    "Membership",
    "Role",
    "Shift",
    "ShiftAssignment",
    "ShiftBreak",
    "Site",
    "User",
    "Worker",
    "Workstation",
    "WorkstationTarget",
]
