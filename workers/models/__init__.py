"""Master data: what an admin keeps so that events can be understood."""

from workers.models.access import IngestKey, Invitation, Membership, Role, User
from workers.models.cameras import Camera, CameraModelVersion
from workers.models.floor import ShiftAssignment, Worker, Workstation, WorkstationTarget
from workers.models.screens import WallScreen
from workers.models.sites import Closure, Shift, ShiftBreak, Site
from workers.models.tasks import BackgroundTask

__all__ = [
    "BackgroundTask",
    "Camera",
    "CameraModelVersion",
    "Closure",
    "IngestKey",
    "Invitation",
    "Membership",
    "Role",
    "Shift",
    "ShiftAssignment",
    "ShiftBreak",
    "Site",
    "User",
    "WallScreen",
    "Worker",
    "Workstation",
    "WorkstationTarget",
]
