"""A filter of refused events: those that came lately."""

from datetime import timedelta

from django.db.models import Q

from common import clock
from common.instants import to_ms
from workers.admin.filters import ChoiceFilter


class ReceivedFilter(ChoiceFilter):
    """By the last time that it came."""

    title = "last received"
    parameter_name = "received"
    choices_shown = {"hour": "in the last hour", "day": "in the last 24 hours", "week": "in 7 days"}

    def condition(self, chosen: str) -> Q:
        """By the clock."""
        lately = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
        return Q(last_received_at__gte=to_ms(clock.now() - lately[chosen]))
