"""Addresses of master data under /api/v1/."""

from rest_framework.routers import SimpleRouter

from workers.api import schema  # noqa: F401 - registers itself
from workers.api.access import IngestKeyViewSet, MembershipViewSet
from workers.api.cameras import CameraModelVersionViewSet, CameraViewSet
from workers.api.people import ShiftAssignmentViewSet, WorkerViewSet
from workers.api.shifts import ClosureViewSet, ShiftViewSet
from workers.api.sites import SiteViewSet
from workers.api.workstations import WorkstationTargetViewSet, WorkstationViewSet

router = SimpleRouter()
router.register("sites", SiteViewSet)
router.register("workers", WorkerViewSet)
router.register("shift-assignments", ShiftAssignmentViewSet)
router.register("workstations", WorkstationViewSet)
router.register("workstation-targets", WorkstationTargetViewSet)
router.register("cameras", CameraViewSet)
router.register("camera-model-versions", CameraModelVersionViewSet)
router.register("shifts", ShiftViewSet)
router.register("closures", ClosureViewSet)
router.register("ingest-keys", IngestKeyViewSet)
router.register("memberships", MembershipViewSet)

urlpatterns = router.urls
