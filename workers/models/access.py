"""Who may do what: people with their role at a site, and the keys of cameras and gateways."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models

from workers.models.cameras import Camera
from workers.models.history import Records
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
    is_active = models.BooleanField(
        "access",
        default=True,
        help_text="Without it the person stays listed and sees nothing of the site.",
    )
    history = Records()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "site"], name="one_role_per_user_and_site"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"

    def clean(self) -> None:
        """A site that has an admin keeps one."""
        if self.pk and not self.is_admin and self.is_last_admin():
            raise ValidationError(LAST_ADMIN)

    @property
    def is_admin(self) -> bool:
        """Whether it gives the site's highest role, as it stands here."""
        return self.is_active and self.role == Role.ADMIN

    def is_last_admin(self) -> bool:
        """Whether, as it is stored, nobody else can look after the site's people."""
        admins = Membership.objects.filter(
            site=self.site_id, role=Role.ADMIN, is_active=True, user__is_active=True
        )
        return list(admins.values_list("pk", flat=True)[:2]) == [self.pk]


LAST_ADMIN = "This is the site's last admin: make somebody else an admin of it first."


class Invitation(models.Model):
    """Lets whoever has its link join a site, once. Only a hash of the link is kept."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=8, choices=Role)
    name = models.CharField(
        "for", max_length=150, blank=True, help_text="Whom it is for, as a note to yourself."
    )
    email = models.EmailField(
        "e-mail", blank=True, help_text="The link goes there too, if this server sends mail."
    )
    token_hash = models.CharField(max_length=64, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="invitation_token_is_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invited_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"{self.role} at {self.site.code}"


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
    history = Records(excluded_fields=["secret_hash", "last_used_at"])

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
