"""Pictures that cameras sent along with events."""

from django.db import models

from common.fields import InstantField
from workers.models import Camera, Site


class Snapshot(models.Model):
    """A picture as it is kept: encoded again, without any metadata. Its bytes lie on disk.

    Events name it by its public id, which nobody can guess.
    """

    public_id = models.CharField(max_length=32)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, db_index=False)
    taken_at = InstantField(help_text="As the camera says; if it does not, when it came.")
    received_at = InstantField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes on disk.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes on disk.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="snapshot_id_is_unique"),
            # An upload that is sent again is kept once.
            models.UniqueConstraint(
                fields=["camera", "taken_at", "sha256"], name="snapshot_is_kept_once"
            ),
        ]
        indexes = [
            # For: those of a site that are too old (events.snapshots).
            models.Index(fields=["site", "received_at", "id"], name="snapshot_by_site_and_time")
        ]

    def __str__(self) -> str:
        return self.public_id
