"""Who is told about what, and every message to them until it has arrived."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from common.fields import InstantField
from drift.domain.destinations import MAX_URL, RefusedError, check
from workers.models import Membership, Site, User
from workers.models.history import Records

KEPT_BY_THE_WORKER = ["failures", "rests_until", "last_tried_at", "last_result"]
SECRET = ["salt", "fingerprint", "former_salt", "former_until"]


class Kind(models.TextChoices):
    """What a message is about; on the wire the `type` of a webhook."""

    ALERT_OPENED = "alert.opened", "alert opened"
    ALERT_ESCALATED = "alert.escalated", "alert escalated"
    ALERT_RESOLVED = "alert.resolved", "alert resolved"
    ALERT_REMINDER = "alert.reminder", "reminder of an open alert"
    RETRAINING_REQUESTED = "retraining.requested", "retraining requested"
    TEST = "test", "test"


CHOSEN_KINDS = [choice for choice in Kind.choices if choice[0] != Kind.TEST]


def all_kinds() -> list[str]:
    """What a new receiver gets."""
    return [value for value, _ in CHOSEN_KINDS]


def validate_kinds(value: Any) -> None:
    """A list of kinds, of which there is one at least."""
    if not isinstance(value, list) or not value or not set(value) <= set(all_kinds()):
        raise ValidationError("Choose one kind at least.")


class Receiver(models.Model):
    """What mail and webhooks share: what they get, and how it last went."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="%(class)ss")
    kinds = models.JSONField("told about", default=all_kinds, validators=[validate_kinds])
    is_active = models.BooleanField("active", default=True)
    failures = models.PositiveIntegerField("failures in a row", default=0, editable=False)
    rests_until = InstantField(null=True, editable=False)
    last_tried_at = InstantField(null=True, editable=False)
    last_result = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True


class Recipient(Receiver):
    """A member of the site, or any address, that gets e-mail."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="member",
    )
    address = models.EmailField(
        "other address", blank=True, help_text="Instead of a member: a shared mailbox, say."
    )
    history = Records(excluded_fields=KEPT_BY_THE_WORKER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "user"], name="recipient_user_is_unique"),
            models.UniqueConstraint(
                fields=["site", "address"],
                condition=~Q(address=""),
                name="recipient_address_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, address="") | Q(user__isnull=True) & ~Q(address=""),
                name="recipient_is_a_user_or_an_address",
                violation_error_message="Choose a member, or give an address.",
            ),
        ]

    def __str__(self) -> str:
        return self.user.username if self.user else self.address

    def clean(self) -> None:
        """A member has an address of their own."""
        if not self.user or not self.site_id:
            return
        here = Membership.objects.filter(user=self.user, site=self.site_id, is_active=True)
        if not self.user.is_superuser and not here.exists():
            raise ValidationError({"user": "This person is no member of the site."})
        if not self.user.email:
            raise ValidationError({"user": "This person has no e-mail address."})


class Webhook(Receiver):
    """A server of somebody else's that gets signed messages."""

    url = models.CharField("address", max_length=MAX_URL, help_text="https://…")
    # The secrets are made from these and the server's key; see drift.notifying.signing.
    salt = models.CharField(max_length=32, editable=False)
    fingerprint = models.CharField(max_length=16, editable=False)
    former_salt = models.CharField(max_length=32, blank=True, editable=False)
    former_until = InstantField(null=True, editable=False)
    history = Records(excluded_fields=[*KEPT_BY_THE_WORKER, *SECRET])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "url"],
                name="webhook_address_is_unique",
                violation_error_message="The site has a webhook with this address.",
            )
        ]

    def __str__(self) -> str:
        return f"Webhook at {urlsplit(self.url).hostname}"

    def clean(self) -> None:
        """It leads out of the house; what its name means is judged at each connection."""
        try:
            check(
                self.url,
                networks=settings.WEBHOOK_NETWORKS,
                plain_http=settings.WEBHOOK_PLAIN_HTTP,
            )
        except RefusedError as error:
            raise ValidationError({"url": str(error)}) from error


class OutboxMessage(models.Model):
    """One message to one receiver. It is written with what it tells of, and sent by the worker."""

    class Channel(models.TextChoices):
        """How it goes."""

        MAIL = "mail", "e-mail"
        WEBHOOK = "webhook", "webhook"

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="outbox_messages")
    channel = models.CharField(max_length=8, choices=Channel)
    recipient = models.ForeignKey(
        Recipient, on_delete=models.SET_NULL, null=True, related_name="messages"
    )
    webhook = models.ForeignKey(
        Webhook, on_delete=models.SET_NULL, null=True, related_name="messages"
    )
    to = models.CharField(max_length=MAX_URL)  # as it was then, for people
    kind = models.CharField(max_length=24, choices=Kind)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    data = models.JSONField()
    # The same at each try, so that a receiver tells a repetition.
    message_id = models.CharField(max_length=40, unique=True)
    announced_at = InstantField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = InstantField()
    give_up_at = InstantField()
    sent_at = InstantField(null=True)
    gave_up = models.BooleanField(default=False)
    error = models.TextField("last error", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(gave_up=False), name="sent_is_not_given_up"
            )
        ]
        indexes = [
            models.Index(  # what is due; few rows wait at a time
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, gave_up=False),
                name="outbox_waiting",
            ),
            models.Index(fields=["announced_at"], name="outbox_by_age"),  # what is removed
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"

    @property
    def state(self) -> str:
        """`sent`, `failed`, `trying again` or `waiting`."""
        if self.sent_at:
            return "sent"
        if self.gave_up:
            return "failed"
        return "trying again" if self.error else "waiting"
