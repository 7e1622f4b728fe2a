"""What of master data belongs to a site, for its move and its removal."""

from django.db.models import Q

from workers.models import (
    Camera,
    CameraModelVersion,
    Closure,
    IngestKey,
    Invitation,
    Membership,
    Shift,
    ShiftAssignment,
    ShiftBreak,
    Site,
    WallScreen,
    Worker,
    Workstation,
    WorkstationTarget,
)
from workers.moving.kinds import Kind, Missing

KINDS = (
    Kind(Site, site="pk", becomes={"state": Site.State.ARRIVING}),
    Kind(Shift, site="site"),
    Kind(ShiftBreak, site="shift__site"),
    Kind(Closure, site="site"),
    Kind(Worker, site="site"),
    Kind(ShiftAssignment, site="worker__site"),
    Kind(Workstation, site="site"),
    Kind(WorkstationTarget, site="workstation__site"),
    Kind(Camera, site="site"),
    Kind(CameraModelVersion, site="camera__site"),
    Kind(
        IngestKey,
        site="site",
        only=Q(is_demo=False),
        stays="Demo keys are known to everybody.",
        unique="prefix",
    ),
    Kind(WallScreen, site="site", unique="prefix"),
    Kind(Membership, site="site", unknown_user=Missing.SKIP),
    Kind(
        Invitation,
        site="site",
        moves=False,
        stays="Its link leads to the installation that gave it.",
    ),
)
OF_THE_INSTALLATION = (
    ("workers.User", "People are of an installation; a site's rows name them."),
    ("workers.User_groups", "As the user."),
    ("workers.User_user_permissions", "As the user."),
    ("workers.BackgroundTask", "What the installation's worker does."),
    ("admin.LogEntry", "Of the installation's admin; goes when the site is removed."),
    ("auth.Group", "Of the installation; roles are memberships."),
    ("auth.Group_permissions", "As the group."),
    ("auth.Permission", "Follows from the code."),
    ("authtoken.Token", "A user's; never moves, as passwords do not."),
    ("authtoken.TokenProxy", "The same rows once more."),
    ("axes.AccessAttempt", "Log-ins, of the installation."),
    ("axes.AccessAttemptExpiration", "Log-ins, of the installation."),
    ("axes.AccessFailureLog", "Log-ins, of the installation."),
    ("axes.AccessLog", "Log-ins, of the installation."),
    ("contenttypes.ContentType", "Follows from the code."),
    ("sessions.Session", "Log-ins, of the installation."),
)
