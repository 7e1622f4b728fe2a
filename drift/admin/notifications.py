"""Admin pages of those who are told: recipients of mail, and webhooks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common import clock
from common.instants import to_ms
from drift.models import OutboxMessage, Recipient, Webhook
from drift.models.outbox import CHOSEN_KINDS, all_kinds
from drift.notifying import outbox, signing
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin
from workers.admin.confirmation import Question, ask, is_confirmed
from workers.admin.moments import ago, ahead
from workers.admin.once import ONE, Once, show
from workers.admin.tasks import NOT_RUNNING
from workers.admin_site import roles_in
from workers.models import Role, User
from workers.tasks import worker_is_late


class ReceiverForm(forms.ModelForm):  # type: ignore[type-arg]
    """Kinds are ticked."""

    kinds = forms.MultipleChoiceField(
        label="Told about",
        choices=CHOSEN_KINDS,
        initial=all_kinds,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )


class ReceiverAdmin(SiteScopedAdmin):
    """What the pages of recipients and webhooks share."""

    form = ReceiverForm
    view_role = Role.ADMIN
    fixed = ("site",)
    list_select_related: Sequence[str] = ["site"]
    list_filter = ["is_active", ("site", OwnSitesFilter)]
    autocomplete_fields = ["site"]
    ordering = ["site", "id"]
    readonly_fields = ["standing", "last_try"]
    actions_detail: Sequence[str] = ["test"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """How it does stands on its page."""
        return [*self.fields, *self.readonly_fields] if obj else list(self.fields)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The only site there is."""
        own = roles_in(request)
        known = {"site": next(iter(own.by_site))} if len(own.by_site) == 1 else {}
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return {**known, **given}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A corrected receiver is tried at once."""
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            outbox.wake(obj, now_ms=to_ms(clock.now()))

    @display(description="state", label={"works": "success", "failing": "danger", "off": "warning"})
    def standing(self, receiver: Recipient | Webhook) -> str:
        """In one word."""
        if not receiver.is_active:
            return "off"
        if receiver.failures:
            return "failing"
        return "works" if receiver.last_tried_at else "not tried yet"

    @display(description="last try")
    def last_try(self, receiver: Recipient | Webhook) -> str:
        """When, and what came of it."""
        if not receiver.last_tried_at:
            return "–"
        rests = receiver.rests_until if receiver.failures else None
        now = clock.now()
        again = f" Next try {ahead(rests, now)}." if rests and rests > now else ""
        return f"{ago(receiver.last_tried_at, now)}: {receiver.last_result}{again}"

    @display(description="told about")
    def told_about(self, receiver: Recipient | Webhook) -> str:
        """In a few words."""
        chosen = [label for value, label in CHOSEN_KINDS if value in receiver.kinds]
        return "everything" if len(chosen) == len(CHOSEN_KINDS) else ", ".join(chosen)

    @action(description="Send a test message …", url_path="test", icon="outgoing_mail")
    def test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To this one receiver, whatever it is told about; its result is on the next page."""
        receiver = self._own(request, object_id)
        if not is_confirmed(request):
            return ask(request, self._test_question(receiver))
        now_ms = to_ms(clock.now())
        message = outbox.send_test(receiver, at=now_ms)
        late = worker_is_late(now_ms)
        text = "It is on its way: load this page again to see what came of it."
        self.message_user(
            request, NOT_RUNNING if late else text, messages.WARNING if late else messages.INFO
        )
        return HttpResponseRedirect(_address(message))

    def _test_question(self, receiver: Recipient | Webhook) -> Question:
        return Question(
            title="Send a test message",
            text=f"A message without meaning goes to {receiver}: one try, right now.",
            button="Send it",
            back=_address(receiver),
        )

    def _own(self, request: HttpRequest, object_id: str) -> Any:
        """Raises Http404, also for those of sites where the user is no admin."""
        receiver = self.get_object(request, object_id)
        if receiver is None:
            raise Http404
        return receiver


@admin.register(Recipient)
class RecipientAdmin(ReceiverAdmin):
    """Members of a site, and shared mailboxes."""

    fields = ["site", "user", "address", "kinds", "is_active"]
    list_display = ["who", "told_about", "standing", "last_try", "site"]
    list_select_related = ["site", "user"]
    search_fields = ["user__username", "user__email", "address"]
    search_help_text = "Name or address"
    empty_text = "Who gets an e-mail when a camera recognises less surely. Nobody is told so far."

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only people who are members where the user is an admin."""
        if db_field.name == "user":
            roles = roles_in(request)
            here = User.objects.filter(
                roles.condition(Role.ADMIN, "memberships__site"), memberships__is_active=True
            )
            everybody = User.objects.filter(is_active=True)
            own = everybody if roles.everywhere else everybody.filter(pk__in=here.values("pk"))
            kwargs["queryset"] = own.order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description="recipient", header=True)
    def who(self, recipient: Recipient) -> list[str]:
        """A member with the address of the moment, or an address."""
        return [str(recipient), recipient.user.email if recipient.user else ""]


@admin.register(Webhook)
class WebhookAdmin(ReceiverAdmin):
    """Servers that get signed messages; the secret is shown once."""

    fields = ["site", "url", "kinds", "is_active"]
    list_display = ["url", "told_about", "standing", "last_try", "site"]
    search_fields = ["url"]
    search_help_text = "Part of the address"
    empty_text = "Servers that are told of alerts and of requested trainings, by signed messages."
    actions_detail = ["test", "rotate"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One at a time: its secret is shown next."""
        response: HttpResponse = super().add_view(request, form_url, ONE | (extra_context or {}))
        return response

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        """A new one gets its secret."""
        if not change:
            request.issued_secret = signing.issue(obj)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The secret itself, in this answer alone."""
        return _shown(request, obj, request.issued_secret, "")  # type: ignore[attr-defined]

    @action(description="Rotate the secret …", url_path="rotate", icon="autorenew")
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A new secret; the old one goes on for a day."""
        webhook = self._own(request, object_id)
        if not is_confirmed(request):
            return ask(request, _rotation(webhook))
        text = signing.rotate(webhook, now_ms=to_ms(clock.now()))
        more = " For 24 hours messages carry a signature by the former secret as well."
        return _shown(request, webhook, text, more)


def _rotation(webhook: Webhook) -> Question:
    return Question(
        title="Rotate the secret",
        text=f"{webhook} gets a new secret, shown on the next page this once. For 24 hours "
        "messages are signed with both, so that nothing is lost until the new one is in place.",
        button="Make the new secret",
        back=_address(webhook),
    )


def _shown(request: HttpRequest, webhook: Webhook, secret: str, more: str) -> HttpResponse:
    text = (
        "The receiver checks with it that messages are ours, by the Standard Webhooks scheme "
        f"(standardwebhooks.com). Keep it now: it is not shown again.{more}"
    )
    return show(
        request,
        Once(
            title="The webhook's secret",
            heading=f"Secret of {webhook}",
            secret=secret,
            text=text,
            back=_address(webhook),
        ),
    )


def _address(subject: OutboxMessage | Recipient | Webhook) -> str:
    return reverse(f"admin:drift_{subject._meta.model_name}_change", args=[subject.pk])
