"""What actions on many are about to do: in words, with a form, and the one call that does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from workers import arrange
from workers.admin.filters import today_at
from workers.models import Shift, Worker
from workers.pseudonyms import pseudonymise

Rows = Sequence[Any]


class DayWidget(UnfoldAdminTextInputWidget):  # type: ignore[misc]
    """The browser's own field for a day."""

    input_type = "date"


class RetireForm(forms.Form):
    on = forms.DateField(
        widget=DayWidget(),
        label="First day that no longer counts",
        help_text="From then on their events are refused. Figures of the days before stay.",
    )


class AssignForm(forms.Form):
    shift = forms.ChoiceField(widget=UnfoldAdminSelectWidget())
    on = forms.DateField(widget=DayWidget(), label="From")
    alone = forms.BooleanField(
        widget=UnfoldBooleanWidget(),
        required=False,
        initial=True,
        label="Instead of the shifts they have then",
        help_text="Else it is one more of their shifts.",
    )


class AimForm(forms.Form):
    per_hour = forms.DecimalField(
        widget=UnfoldAdminDecimalFieldWidget(),
        label="Units per scheduled hour",
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        help_text="Empty: no target from that day on.",
    )
    on = forms.DateField(
        widget=DayWidget(), label="From", help_text="Targets that begin later are replaced."
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an action is about to do, in words, with its form and the one call that does it."""

    title: str
    text: str
    button: str
    done: str
    form: forms.Form
    do: Callable[[dict[str, Any]], None]
    tell: Callable[[Any], str]


def retirement(rows: Rows, data: Any) -> Plan:
    """They no longer count from a day on."""
    tomorrow = today_at(rows[0].site) + timedelta(days=1)
    return Plan(
        title=f"Retire {_number(rows)}",
        text="They stay in lists and in the figures of the past, and can be brought back.",
        button="Retire",
        done=f"{_number(rows)} retired.",
        form=RetireForm(data, initial={"on": tomorrow}),
        do=lambda given: arrange.retire(rows, on=given["on"]),
        tell=_dated,
    )


def comeback(rows: Rows, data: Any) -> Plan:
    """They count again."""
    return Plan(
        title=f"Bring back {_number(rows)}",
        text="They count again until further notice – on the days between, too: their time then"
        " is scheduled and not seen. Events refused meanwhile can be tried again.",
        button="Bring back",
        done=f"{_number(rows)} brought back.",
        form=forms.Form(data),
        do=lambda _given: arrange.bring_back(rows),
        tell=_dated,
    )


def assignment(rows: Sequence[Worker], data: Any) -> Plan:
    """Workers get a shift."""
    prefetch_related_objects(rows, "shift_assignments")
    form = AssignForm(data, initial={"on": today_at(rows[0].site)})
    form.fields["shift"].choices = [(name, name) for name in _common_shifts(rows)]  # type: ignore[attr-defined]
    return Plan(
        title=f"Assign {_number(rows)} to a shift",
        text="From that day until further notice. The days before stay as they were.",
        button="Assign",
        done=f"{_number(rows)} assigned.",
        form=form,
        do=lambda given: arrange.assign(rows, **given),
        tell=lambda worker: f"{worker.code} – {_shifts_of(worker)}",
    )


def pseudonymisation(rows: Rows, data: Any) -> Plan:
    """Workers lose their names."""
    return Plan(
        title=f"Take the name of {_number(rows)} away",
        text="Only the code stays, with all figures; the name goes from the history of changes as"
        " well. It cannot be brought back.",
        button="Take the name away",
        done=f"{_number(rows)}: only the code is left.",
        form=forms.Form(data),
        do=lambda _given: pseudonymise(rows),
        tell=str,
    )


def aim(rows: Rows, data: Any) -> Plan:
    """Workstations get a target."""
    prefetch_related_objects(rows, "targets")
    return Plan(
        title=f"Set a target for {_number(rows)}",
        text="From that day until further notice. The days before keep their targets.",
        button="Set the target",
        done=f"The target of {_number(rows)} is set.",
        form=AimForm(data, initial={"on": today_at(rows[0].site)}),
        do=lambda given: arrange.aim(rows, **given),
        tell=lambda station: f"{station} – {_target_of(station)}",
    )


def _number(rows: Rows) -> str:
    meta = rows[0]._meta
    return str(rows[0]) if len(rows) == 1 else f"{len(rows)} {meta.verbose_name_plural}"


def _dated(row: Any) -> str:
    return f"{row} – retired from {row.active_until}" if row.active_until else str(row)


def _common_shifts(workers: Sequence[Worker]) -> list[str]:
    """Names that each of the workers' sites has."""
    names: dict[int, set[str]] = {worker.site_id: set() for worker in workers}
    for site_id, name in Shift.objects.filter(site__in=names).values_list("site_id", "name"):
        names[site_id].add(name)
    return sorted(set.intersection(*names.values()))


def _shifts_of(worker: Worker) -> str:
    names = [each.shift_name for each in worker.shift_assignments.all() if not each.valid_until]
    return ", ".join(names) or "all shifts of the site"


def _target_of(station: Any) -> str:
    found = [each for each in station.targets.all() if each.valid_until is None]
    return f"{found[0].per_hour} per hour" if found else "no target"
