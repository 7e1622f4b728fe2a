"""What is kept about the recognition models and belongs to a site."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Max, Q

from drift.models import (
    Alert,
    AlertTransition,
    ConfidenceBin,
    ConfidenceBucket,
    MaintenanceWindow,
    OutboxMessage,
    Recipient,
    RetrainingExport,
    ReviewFrame,
    ReviewItem,
    ReviewPlan,
    Segment,
    WatchedCamera,
    WatchedSite,
    WatchRules,
    Webhook,
)
from drift.reviewing import retraining
from events.models import Event
from workers.moving.kinds import Kind, Missing

KINDS = (
    Kind(Segment, site="camera__site"),
    Kind(ConfidenceBucket, site="segment__camera__site"),
    Kind(ConfidenceBin, site="segment__camera__site"),
    Kind(Alert, site="site"),
    Kind(AlertTransition, site="alert__site"),
    Kind(Recipient, site="site", unknown_user=Missing.SKIP),
    # Its secret is made from the installation's key: in the new place somebody looks at it first.
    Kind(Webhook, site="site", becomes={"is_active": False}),
    Kind(
        OutboxMessage,
        site="site",
        only=Q(sent_at__isnull=False) | Q(gave_up=True),
        stays="What still waits is sent from where it was written.",
        unique="message_id",
    ),
    Kind(ReviewPlan, site="site"),
    Kind(ReviewFrame, site="site"),
    Kind(ReviewItem, site="site"),
    Kind(RetrainingExport, site="site"),
    Kind(WatchedSite, site="site", refers={"newest_event_id": Event, "arrived_through_id": Event}),
    Kind(WatchedCamera, site="camera__site"),
    Kind(MaintenanceWindow, site="camera__site"),
    Kind(WatchRules, site="site"),
)
OF_THE_INSTALLATION = (
    ("drift.ReviewProgress", "One mark for all sites; a site that arrives has one of its own."),
)


class Archives:
    """What was frozen for training, under EXPORTS_ROOT: named by its own SHA-256."""

    name = "retraining"
    _shape = re.compile(r"[0-9a-f]{64}\.tar")

    def files_of(self, site_id: int) -> Iterator[tuple[str, Path]]:
        """Each once."""
        for sha256 in self._hashes(site_id):
            path = _path(sha256)
            yield path.name, path

    def place_of(self, site_id: int, name: str) -> Path | None:
        """One that is there has the same bytes."""
        if not self._shape.fullmatch(name):
            raise ValueError(name)
        path = _path(name.removesuffix(".tar"))
        return None if path.exists() else path

    def remove_all(self, site_id: int) -> None:
        """But for those that another site has too: what is empty is the same for all."""
        for sha256 in self._hashes(site_id):
            others = RetrainingExport.objects.filter(sha256=sha256).exclude(site=site_id)
            if not others.exists():
                _path(sha256).unlink(missing_ok=True)

    def _hashes(self, site_id: int) -> list[str]:
        rows = RetrainingExport.objects.filter(site=site_id)
        return sorted(set(rows.values_list("sha256", flat=True)))


def _path(sha256: str) -> Path:
    return retraining.path_of(RetrainingExport(sha256=sha256))


FILES = (Archives(),)


def arrived(site_id: int) -> None:
    """Who is asked about which of the events that came along has been decided where they were."""
    newest = Event.objects.filter(site=site_id).aggregate(newest=Max("pk"))["newest"]
    if newest is not None:
        WatchedSite.objects.update_or_create(
            site_id=site_id, defaults={"arrived_through_id": newest}
        )
