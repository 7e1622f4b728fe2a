"""What reviewers fill in when they say a word of some events."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from common.instants import to_ms
from events.domain.verdict import MAX_COUNT, Word
from events.models import Event, EventType
from workers.domain.master import MasterData, is_active
from workers.queries import master_data


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


def relabel_form(data: Any, events: Sequence[Event]) -> RelabelForm:
    """Offers who and what was active at all of the events, if they are of one site."""
    sites = {event.site_id: event.site for event in events}
    master = master_data(next(iter(sites.values()))) if len(sites) == 1 else None
    instants = {to_ms(cast(Any, event.occurred_at)) for event in events}
    return RelabelForm(data, master=master, instants=[min(instants), max(instants)])
