"""A factory whose events are reviewed: the words that tests say about queues and reviewers."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from rest_framework.response import Response

from common import clock
from common.instants import to_ms
from drift.models import ReviewItem, ReviewPlan, ReviewProgress
from drift.reviewing import queue
from events.models import Event
from tests.floor import Floor, Json, after, event
from workers.models import Role, User


class Desk:
    """The floor with a reviewer (grace) and a second one (joan); items as they are wanted."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.site = floor.site
        self.grace = floor.add_member("grace", Role.REVIEWER)
        self.joan = floor.add_member("joan", Role.REVIEWER)
        self.plan(per_week=100_000)  # more than there is: all are chosen

    def plan(self, **wanted: int) -> None:
        ReviewPlan.objects.update_or_create(site=self.site, defaults=wanted)

    def see(self, number: int, *, confidence: float | None = 0.9, **more: Any) -> None:
        """So many working events of the last minutes, each ten seconds after the one before."""
        now = clock.now()
        offsets = range(-10 * number, 0, 10)
        kinds = {"confidence": confidence, **more}
        self.floor.put(*(event(after(now, seconds=offset), **kinds) for offset in offsets))
        self._begin_with_the_first()

    def _begin_with_the_first(self) -> None:
        """PostgreSQL's ids go on where another test ended: no step's border may lie among these."""
        first = Event.objects.earliest("pk")
        ReviewProgress.objects.get_or_create(pk=1, defaults={"event_id": first.pk - 1})

    def tend(self) -> None:
        queue.tend_queue(now_ms())

    def items(self, **having: Any) -> list[ReviewItem]:
        return list(ReviewItem.objects.filter(**having).order_by("rank", "pk"))

    def one(self, **more: Any) -> ReviewItem:
        """An event that was chosen."""
        self.see(1, **more)
        self.tend()
        return ReviewItem.objects.latest("pk")

    def many(self, number: int) -> list[ReviewItem]:
        """So many events that were chosen, in the order of the queue."""
        self.see(number)
        self.tend()
        chosen = self.items(purpose="measure")
        assert len(chosen) == number, len(chosen)
        return chosen

    def call(
        self, method: str, path: str, body: Json | None = None, *, by: str = "grace"
    ) -> Response:
        """The API as somebody asks it with their token."""
        headers = {"Authorization": f"Token {self.floor._token_of(by)}"}
        return self.floor.client.generic(
            method,
            f"/api/v1/{path}",
            b"" if body is None else json.dumps(body).encode(),
            "application/json",
            headers=headers,
        )

    def say(self, item: ReviewItem, verdict: str, *, by: str = "grace", **more: Any) -> Response:
        return self.call(
            "POST", f"review-items/{item.pk}/verdict/", {"verdict": verdict, **more}, by=by
        )

    def take_back(self, item: ReviewItem, *, by: str = "grace") -> Response:
        return self.call("DELETE", f"review-items/{item.pk}/verdict/", by=by)

    def claim(self, user: User, count: int = 2) -> list[int]:
        return [each.pk for each in queue.claim(self.site, user, now_ms=now_ms(), count=count)]


def now_ms() -> int:
    return to_ms(clock.now())


def later(**delta: float) -> int:
    return to_ms(clock.now() + timedelta(**delta))


def statuses(items: Iterable[ReviewItem]) -> list[str]:
    ids = [item.pk for item in items]
    return list(
        ReviewItem.objects.filter(pk__in=ids).order_by("pk").values_list("status", flat=True)
    )
