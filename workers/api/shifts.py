"""`shifts/` and `closures/`: when a site works, and when it does not."""

from typing import Any

from django.db.models import Prefetch
from django_filters import rest_framework as filters
from rest_framework import serializers

from workers import registry
from workers.api.fields import ClockTime, Moment, SiteCode, Weekdays
from workers.api.filters import AtSite
from workers.api.serializer import MasterSerializer
from workers.api.viewset import MasterViewSet
from workers.models import Closure, Shift, ShiftBreak

MAX_BREAKS = 100


class BreakSerializer(serializers.Serializer[Any]):
    start = ClockTime()
    end = ClockTime()


class ShiftSerializer(MasterSerializer[Shift]):
    site = SiteCode()
    weekdays = Weekdays(
        required=False, help_text="On which it starts; Monday is 1. Default: Monday to Friday."
    )
    start = ClockTime(help_text="Local time on a 5-minute mark.")
    end = ClockTime(
        help_text="Local time on a 5-minute mark; not after the start: on the next day."
    )
    breaks = BreakSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=MAX_BREAKS, help_text="Replaces all of its breaks."
    )

    fixed = ("site",)
    extras = ("breaks",)

    class Meta:
        model = Shift
        validators: list[Any] = []
        fields = [
            "id",
            "site",
            "name",
            "weekdays",
            "start",
            "end",
            "breaks",
            "valid_from",
            "valid_until",
        ]

    def apply_to(self, subject: Shift) -> dict[str, Any]:
        """Breaks as pairs."""
        given = super().apply_to(subject)
        return {
            name: [(each["start"], each["end"]) for each in breaks]
            for name, breaks in given.items()
        }


class ShiftFilter(AtSite):
    name = filters.CharFilter()


class ShiftViewSet(MasterViewSet[Shift]):
    """Working times. A change from a day on is a second row of the same name.

    A new name goes to all rows and assignments of the old one.
    """

    queryset = Shift.objects.select_related("site").prefetch_related(
        Prefetch("breaks", queryset=ShiftBreak.objects.order_by("id"))
    )
    serializer_class = ShiftSerializer
    filterset_class = ShiftFilter

    def save(self, subject: Shift, **extras: Any) -> None:
        """With its breaks."""
        registry.save_shift(subject, **extras)


class ClosureSerializer(MasterSerializer[Closure]):
    site = SiteCode()
    start = Moment(source="starts_at")
    end = Moment(source="ends_at")

    fixed = ("site",)

    class Meta:
        model = Closure
        validators: list[Any] = []
        fields = ["id", "site", "start", "end", "reason"]


class ClosureViewSet(MasterViewSet[Closure]):
    """Periods in which a site does not work."""

    queryset = Closure.objects.select_related("site")
    serializer_class = ClosureSerializer
    filterset_class = AtSite
