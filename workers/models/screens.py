"""Screens on walls, each with a key of its own that shows one site's floor."""

from django.db import models

from workers.models.history import Records
from workers.models.sites import Site


class WallScreen(models.Model):
    """Lets one screen show a site's floor, and nothing else. Only a hash of its key is kept."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="wall_screens")
    name = models.CharField(max_length=100, help_text="Where it hangs, such as “Hall 2, gate”.")
    shows_workers = models.BooleanField(
        "who is where",
        default=False,
        help_text="Whether everybody who passes sees the codes of the workers at each workstation;"
        " never their names.",
    )
    prefix = models.CharField(max_length=16, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: never, until it is revoked."
    )
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = Records(excluded_fields=["secret_hash", "last_used_at"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="wall_screen_prefix_is_unique")
        ]

    def __str__(self) -> str:
        return self.name
