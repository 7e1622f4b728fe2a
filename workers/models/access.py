"""Who may do what: people with their role at a site, and the keys of cameras and gateways."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models

from workers.models.cameras import Camera
from workers.models.sites import Site


class User(AbstractUser):
    """A person who logs in."""

    is_demo = models.BooleanField(
        default=False,
        editable=False,
        help_text="Comes with demo data; refused unless the server runs with DEMO=1.",
    )


class Role(models.TextChoices):
    """What a member may do at a site; each role may do what those before it may."""

    VIEWER = "viewer", "viewer"
    MANAGER = "manager", "manager"
    REVIEWER = "reviewer", "reviewer"
    ADMIN = "admin", "admin"


class Membership(models.Model):
    """A user's role at a site."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "site"], name="one_role_per_user_and_site"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"


class IngestKey(models.Model):
    """Lets one camera, or one gateway of a site, send events. Only a hash of the secret is kept."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="ingest_keys")
    camera = models.ForeignKey(
        Camera,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        help_text="Empty: a gateway, for every camera of the site.",
    )
    prefix = models.CharField(max_length=16, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="ingest_key_prefix_is_unique")
        ]

    def __str__(self) -> str:
        return f"fk_{self.prefix}_…"

    def clean(self) -> None:
        """A key's camera belongs to its site."""
        if self.camera is not None and self.camera.site_id != self.site_id:
            raise ValidationError({"camera": "This camera belongs to another site."})
