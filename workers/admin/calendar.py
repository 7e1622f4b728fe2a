"""Admin pages of shifts and closures: when a site works, and when it does not."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, TimeField
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSingleTimeWidget

from workers import registry
from workers.admin.base import OwnSitesFilter, SiteScopedAdmin, SiteScopedInline
from workers.admin.columns import DASH
from workers.admin.filters import ClosureFilter, HoldsFilter, OwnValuesFilter
from workers.admin.imports import WithFiles
from workers.admin.moments import local
from workers.models import Closure, Shift, ShiftBreak

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_ON_MARKS = {TimeField: {"widget": UnfoldAdminSingleTimeWidget(format="%H:%M")}}


class ShiftBreakInline(SiteScopedInline):
    formfield_overrides = _ON_MARKS
    model = ShiftBreak
    fields = ["start", "end"]
    verbose_name = "break"
    verbose_name_plural = "breaks"


class WeekdaysField(forms.MultipleChoiceField):
    """Seven boxes for what is kept as digits."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget

    def prepare_value(self, value: Any) -> Any:
        """Each digit is a box."""
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """The digits in order."""
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as digits."""
        return super().has_changed(self.prepare_value(initial), data)


class ShiftForm(forms.ModelForm):  # type: ignore[type-arg]
    weekdays = WeekdaysField(
        choices=[(str(number), day) for number, day in enumerate(WEEKDAYS, start=1)],
        initial="12345",
        help_text="On which it starts.",
    )


class NameFilter(OwnValuesFilter):
    """By a shift's name."""

    title = "shift"
    parameter_name = "name_is"
    field = "name"


@admin.register(Shift)
class ShiftAdmin(WithFiles, SiteScopedAdmin):
    """A change from a day on is a second row of the same name."""

    form = ShiftForm
    formfield_overrides = _ON_MARKS
    fixed = ("site",)
    fieldsets = [
        (
            None,
            {
                "fields": ["site", "name", "weekdays", ("start", "end")],
                "description": "Times on the site's clock, on 5-minute marks. A shift whose end is"
                " not after its start ends on the next day.",
            },
        ),
        (
            "Days that count",
            {
                "fields": [("valid_from", "valid_until")],
                "description": "For a change from a day on, end this shift on that day and add one"
                " of the same name that begins there: the past keeps its figures.",
            },
        ),
    ]
    list_display = ["name", "hours", "days", "breaks", "site", "holds"]
    list_filter = [HoldsFilter, NameFilter, ("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["name", "site__code"]
    search_help_text = "Name, or code of a site"
    ordering = ["site", "start", "id"]
    autocomplete_fields = ["site"]
    empty_text = "When the site works. Without shifts all of the time counts as scheduled."
    inlines = [ShiftBreakInline]
    actions = WithFiles.file_actions

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shift]:
        """With their breaks."""
        rows: QuerySet[Shift] = super().get_queryset(request)
        return rows.prefetch_related("breaks")

    @admin.display(description="hours", ordering="start")
    def hours(self, shift: Shift) -> str:
        """On the site's clock."""
        return f"{shift.start:%H:%M}–{shift.end:%H:%M}"

    @admin.display(description="weekdays", ordering="weekdays")
    def days(self, shift: Shift) -> str:
        """Neighbours as a range."""
        return weekdays_in_words(shift.weekdays)

    @admin.display(description="holds", ordering="valid_from")
    def holds(self, shift: Shift) -> str:
        """From its first day until the first that no longer counts."""
        first = f"from {shift.valid_from}" if shift.valid_from else ""
        end = f"until {shift.valid_until}" if shift.valid_until else ""
        return f"{first} {end}".strip() or "always"

    @admin.display(description="breaks")
    def breaks(self, shift: Shift) -> str:
        """In the order of the clock."""
        found = sorted(shift.breaks.all(), key=lambda each: (each.start < shift.start, each.start))
        return ", ".join(map(str, found)) or DASH

    def store(self, subject: Shift) -> None:
        """Its breaks follow from the same page."""
        registry.save_shift(subject, breaks=...)


@admin.register(Closure)
class ClosureAdmin(WithFiles, SiteScopedAdmin):
    """Start and end on the site's clock."""

    fixed = ("site",)
    fieldsets = [
        (
            None,
            {
                "fields": ["site", "starts_at", "ends_at", "reason"],
                "description": "Times on the site's clock, on 5-minute marks. Nothing is scheduled"
                " in between.",
            },
        )
    ]
    list_display = ["reason", "site", "start", "end"]
    list_filter = [ClosureFilter, ("site", OwnSitesFilter)]
    list_select_related = ["site"]
    search_fields = ["reason", "site__code"]
    search_help_text = "Reason, or code of a site"
    ordering = ["-starts_at", "-id"]
    empty_text = "When the site does not work: holidays, stocktaking."
    autocomplete_fields = ["site"]
    actions = WithFiles.file_actions

    @admin.display(description="start", ordering="starts_at")
    def start(self, closure: Closure) -> str:
        """On the site's clock."""
        return local(closure.starts_at, closure.site)

    @admin.display(description="end", ordering="ends_at")
    def end(self, closure: Closure) -> str:
        """On the site's clock."""
        return local(closure.ends_at, closure.site)


def weekdays_in_words(digits: str) -> str:
    """`Mon–Fri`, `Mon, Wed, Fri`, `every day`."""
    if len(digits) == len(WEEKDAYS):
        return "every day"
    if len(digits) > 2 and digits in "1234567":
        return f"{WEEKDAYS[int(digits[0]) - 1]}–{WEEKDAYS[int(digits[-1]) - 1]}"
    return ", ".join(WEEKDAYS[int(digit) - 1] for digit in digits)
