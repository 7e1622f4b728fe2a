"""Verdicts on many events at once, or on one: each with a page that says what will happen."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from common import clock
from common.instants import to_ms
from events import verdicts
from events.admin import words
from events.domain.verdict import CONFIRMED, MAX_COUNT, REJECTED, RELABELLED, Word
from events.models import Event, EventType
from events.standing import verdicts_standing
from workers.admin.confirmation import Question, ask, is_confirmed, selection
from workers.admin.subject import subject_of
from workers.admin_site import roles_in
from workers.domain.master import MasterData, is_active
from workers.models import Role, User
from workers.queries import master_data

MOST_AT_ONCE = 500  # so many are named on the page, and sent back by its button


class WordForm(forms.Form):
    """What goes with every verdict."""

    reason = forms.CharField(
        required=False, max_length=500, widget=UnfoldAdminTextInputWidget(), label="Why"
    )

    def word(self, verdict: str) -> Word:
        """What is said."""
        return Word(verdict, **self.cleaned_data)


class RelabelForm(WordForm):
    """What was right; empty: as it was reported."""

    event_type = forms.ChoiceField(
        required=False,
        choices=[("", "as reported"), *EventType.choices],
        widget=UnfoldAdminSelectWidget(),
        label="Type",
    )
    count = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_COUNT,
        widget=UnfoldAdminIntegerFieldWidget(),
        label="Units",
        help_text="Of a product count.",
    )
    worker_id = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget(), label="Worker")
    workstation_id = forms.ChoiceField(
        required=False, widget=UnfoldAdminSelectWidget(), label="Workstation"
    )
    field_order = ["event_type", "worker_id", "workstation_id", "count", "reason"]

    def __init__(self, data: Any, *, master: MasterData | None, instants: Sequence[int]) -> None:
        super().__init__(data)
        if master is None:  # codes are a site's own
            del self.fields["worker_id"], self.fields["workstation_id"]
            return
        for name, known in (
            ("worker_id", master.workers.values()),
            ("workstation_id", master.workstations.values()),
        ):
            codes = [
                each.code for each in known if all(is_active(each.active, at) for at in instants)
            ]
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [("", "as reported"), *((code, code) for code in codes)]

    def clean(self) -> dict[str, Any]:
        """Something must have been wrong."""
        cleaned = {
            name: None if value == "" and name != "reason" else value
            for name, value in super().clean().items()  # type: ignore[union-attr]
        }
        if all(value is None for name, value in cleaned.items() if name != "reason"):
            raise forms.ValidationError("Say what was right: the type, the worker, the place.")
        return cleaned


@dataclass(frozen=True)
class Saying:
    """What an action asks, and what it does once its button is pressed."""

    action: str
    button: str
    means: str
    form: Callable[[Any, Sequence[Event]], WordForm | None]
    do: Callable[[Sequence[Event], User, WordForm | None], tuple[str, Counter[str]]]
    is_danger: bool = False


class Reviewing:
    """Actions of reviewers, on a list and on one event's page."""

    actions = ["confirm", "relabel", "reject", "take_back"]
    actions_detail = ["confirm_this", "relabel_this", "reject_this", "take_back_this"]

    def has_review_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Reviewers and admins, of the event's site or of any."""
        page: Any = self
        event = page.get_object(request, object_id) if object_id else None
        roles = roles_in(request)
        if object_id:
            return event is not None and roles.allow(Role.REVIEWER, event.site_id)
        return roles.allow_somewhere(Role.REVIEWER)

    @admin.action(description="Confirm …", permissions=["review"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """They are as they were reported."""
        return self._carry_out(request, queryset, CONFIRM)

    @admin.action(description="Relabel …", permissions=["review"])
    def relabel(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """They were something else."""
        return self._carry_out(request, queryset, RELABEL)

    @admin.action(description="Reject …", permissions=["review"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """They were nothing."""
        return self._carry_out(request, queryset, REJECT)

    @admin.action(description="Take my verdicts back …", permissions=["review"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
        """As if nothing had been said."""
        return self._carry_out(request, queryset, TAKE_BACK)

    @action(description="Confirm …", url_path="confirm", permissions=["review"], icon="check")
    def confirm_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._carry_out_here(request, object_id, CONFIRM)

    @action(description="Relabel …", url_path="relabel", permissions=["review"], icon="edit")
    def relabel_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._carry_out_here(request, object_id, RELABEL)

    @action(description="Reject …", url_path="reject", permissions=["review"], icon="close")
    def reject_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._carry_out_here(request, object_id, REJECT)

    @action(description="Take back …", url_path="take-back", permissions=["review"], icon="undo")
    def take_back_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same from its own page."""
        return self._carry_out_here(request, object_id, TAKE_BACK)

    def _carry_out(
        self, request: HttpRequest, queryset: QuerySet[Event], saying: Saying
    ) -> HttpResponse | None:
        """Of the sites where the user reviews. None: it is done, or can't be."""
        page: Any = self
        roles = roles_in(request)
        chosen = list(queryset.select_related("site")[: MOST_AT_ONCE + 1])
        own = [event for event in chosen if roles.allow(Role.REVIEWER, event.site_id)]
        if not 0 < len(own) <= MOST_AT_ONCE:
            many = f"Choose at most {MOST_AT_ONCE} at once."
            told = many if own else "Choose some of the sites where you review."
            page.message_user(request, told, messages.ERROR)
            return None
        return self._ask_or_do(
            request, own, saying, back=request.get_full_path(), again=selection(saying.action, own)
        )

    def _carry_out_here(self, request: HttpRequest, object_id: str, saying: Saying) -> HttpResponse:
        page: Any = self
        event = subject_of(page, request, object_id)
        back = reverse("admin:events_event_change", args=[event.pk])
        answer = self._ask_or_do(request, [event], saying, back=back, again={})
        return answer or HttpResponseRedirect(back)

    def _ask_or_do(
        self,
        request: HttpRequest,
        events: Sequence[Event],
        saying: Saying,
        *,
        back: str,
        again: dict[str, list[str]],
    ) -> HttpResponse | None:
        form = saying.form(request.POST if is_confirmed(request) else None, events)
        if is_confirmed(request) and (form is None or form.is_valid()):
            done, left = saying.do(events, cast(User, request.user), form)
            self._tell(request, done, left)
            return None
        prefetch_related_objects(events, verdicts_standing())
        return ask(
            request,
            Question(
                title=f"{saying.button} {words.number(len(events))}",
                text=saying.means,
                button=saying.button,
                back=back,
                subjects=[words.line(event) for event in events],
                form=form,
                hidden=again,
                is_danger=saying.is_danger,
            ),
        )

    def _tell(self, request: HttpRequest, done: str, left: Counter[str]) -> None:
        page: Any = self
        if done:
            page.message_user(request, done, messages.SUCCESS)
        for why, count in left.items():
            told = f"{words.number(count)} left as {'it is' if count == 1 else 'they are'}: {why}"
            page.message_user(request, told, messages.WARNING)


def _plain_form(data: Any, _events: Sequence[Event]) -> WordForm:
    return WordForm(data)


def _relabel_form(data: Any, events: Sequence[Event]) -> WordForm:
    sites = {event.site_id: event.site for event in events}
    master = master_data(next(iter(sites.values()))) if len(sites) == 1 else None
    instants = {to_ms(cast(Any, event.occurred_at)) for event in events}
    return RelabelForm(data, master=master, instants=[min(instants), max(instants)])


def _no_form(_data: Any, _events: Sequence[Event]) -> None:
    return None


def _giving(
    verdict: str,
) -> Callable[[Sequence[Event], User, WordForm | None], tuple[str, Counter[str]]]:
    def give(events: Sequence[Event], by: User, form: WordForm | None) -> tuple[str, Counter[str]]:
        word = form.word(verdict) if form else Word(verdict)
        given, refused = verdicts.give_many(
            events, reviewer=by, word=word, now_ms=to_ms(clock.now())
        )
        done = f"{words.number(len(given))} {verdict}. Figures follow at once." if given else ""
        return done, Counter(map(str, refused.values()))

    return give


def _take_back(
    events: Sequence[Event], by: User, _form: WordForm | None
) -> tuple[str, Counter[str]]:
    undone = verdicts.undo_many(events, reviewer=by, now_ms=to_ms(clock.now()))
    done = f"Took your word back on {words.number(len(undone))}." if undone else ""
    return done, +Counter({"There is no verdict of yours.": len(events) - len(undone)})


CONFIRM = Saying(
    "confirm",
    "Confirm",
    "They were what was reported. They count so, whatever their confidence.",
    _plain_form,
    _giving(CONFIRMED),
)
RELABEL = Saying(
    "relabel",
    "Relabel",
    "They were something else. Figures follow what you say here, as if it had been reported.",
    _relabel_form,
    _giving(RELABELLED),
)
REJECT = Saying(
    "reject",
    "Reject",
    "They were nothing. They leave the timeline and all figures; the facts are kept.",
    _plain_form,
    _giving(REJECTED),
    is_danger=True,
)
TAKE_BACK = Saying(
    "take_back",
    "Take back",
    "What you have said of them is taken back. Figures are as if you had never said it.",
    _no_form,
    _take_back,
)
