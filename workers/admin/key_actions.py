"""Actions on ingest keys: replaced without a gap, or revoked at once; each after a question."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from common import clock
from workers import keys
from workers.admin import revocable
from workers.admin.confirmation import Question, ask, is_confirmed
from workers.admin.connect import Sender, page_of
from workers.admin.moments import ago
from workers.admin.revocable import RevocableAdmin
from workers.admin.subject import subject_of
from workers.models import IngestKey, Site


class MomentWidget(UnfoldAdminTextInputWidget):  # type: ignore[misc]
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str:
        """As browsers write it."""
        return f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else str(value or "")


class RotationForm(forms.Form):
    """When the old key ends; on the clock of the site."""

    until = forms.DateTimeField(widget=MomentWidget())
    expires_at = forms.DateTimeField(
        widget=MomentWidget(), required=False, label="The new key expires"
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].label = f"The old key goes on until ({site.time_zone})"
        self.fields["expires_at"].help_text = "Empty: never, until it is revoked."


class KeyActions(RevocableAdmin):
    """On one key's page, and on many in the list."""

    kind = "key"
    loss = (
        "Whoever sends with it is refused from now on. A revoked key can't be brought back;"
        " to replace one without a gap, rotate it instead."
    )

    def revoke_one(self, row: IngestKey) -> None:
        """Refused from now on."""
        keys.revoke(row, at=clock.now())

    def owner_of(self, row: IngestKey) -> str:
        """Who sends with it."""
        return _sender(row)

    @action(description="Rotate …", url_path="rotate", permissions=["use"], icon="autorenew")
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A new key; the old one goes on for a while."""
        key: IngestKey = subject_of(self, request, object_id)
        now = clock.now()
        with timezone.override(ZoneInfo(key.site.time_zone)):
            form = RotationForm(
                request.POST if is_confirmed(request) else None,
                site=key.site,
                initial={"until": now + keys.OVERLAP, "expires_at": _same_length(key, now)},
            )
            issued = _rotated(key, form, now) if form.is_bound and form.is_valid() else None
            if issued is None:
                return ask(request, _rotation(key, form)).render()  # while the site's clock holds
        return page_of(request, Sender(key.site, key.camera), issued, replaced=key)

    @action(description="Connect", url_path="connect", icon="cable")
    def connect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What its sender has to send."""
        key: IngestKey = subject_of(self, request, object_id)
        return HttpResponseRedirect(Sender(key.site, key.camera).address)


def _rotated(key: IngestKey, form: RotationForm, at: datetime) -> keys.IssuedKey | None:
    """None, with the reason on the form, where the key can't be rotated so."""
    try:
        return keys.rotate(
            key,
            until=form.cleaned_data["until"],
            expires_at=form.cleaned_data["expires_at"],
            at=at,
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None


def _rotation(key: IngestKey, form: RotationForm) -> Question:
    used = ago(key.last_used_at, clock.now(), never="never")
    return Question(
        title=f"Rotate {key}",
        text=f"{_sender(key)} gets a new key, shown on the next page this once. The old one goes on"
        f" for a while, so that nothing is lost until the new one is in place. Last used: {used}.",
        button="Make the new key",
        back=revocable.page_of(key),
        form=form,
    )


def _sender(key: IngestKey) -> str:
    return str(key.camera) if key.camera else f"The gateway of {key.site}"


def _same_length(key: IngestKey, now: datetime) -> datetime | None:
    """The new key lasts as long as the old one was meant to."""
    return now + (key.expires_at - key.created_at) if key.expires_at else None
