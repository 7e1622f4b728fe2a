"""A small factory to test with, and the words that cameras and readers say to it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from rest_framework.authtoken.models import Token
from rest_framework.response import Response
from rest_framework.test import APIClient

from common import clock
from common.instants import to_ms
from events.api_ingest import KeyThrottle
from events.derived import verify_steps
from events.models import Event, RefusedEvent
from metrics.queries import kept
from workers import keys, models, queries

DAY = datetime(2026, 6, 16, tzinfo=UTC)  # a Tuesday, the day on which events happen
NOW = DAY + timedelta(days=1, hours=18)  # where the clock stands still
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
EVERY_DAY = "1234567"

Json = dict[str, Any]
_Coded = TypeVar("_Coded", models.Worker, models.Workstation, models.Camera)


def at(text: str, *, day: int = 0) -> str:
    """RFC 3339 for "08:00" or "08:00:30.250", some days after DAY; other texts stay as they are."""
    if text[2:3] != ":":
        return text
    moment = time.fromisoformat(text)
    return (datetime.combine(DAY, moment, UTC) + timedelta(days=day)).isoformat()


def ms(text: str, *, day: int = 0) -> int:
    return to_ms(datetime.fromisoformat(at(text, day=day)))


def after(moment: datetime, **delta: float) -> str:
    return (moment + timedelta(**delta)).isoformat()


def event(
    when: str, worker: str = "W1", station: str = "S1", kind: str = "working", **more: Any
) -> Json:
    """An event as it is sent."""
    return {
        "timestamp": at(when),
        "worker_id": worker,
        "workstation_id": station,
        "event_type": kind,
        "confidence": 0.95,
        **more,
    }


def count(when: str, units: int | None = 1, **more: Any) -> Json:
    return event(when, kind="product_count", count=units, **more)


class Floor:
    """A site with W1–W5, S1–S5 (10 units per hour), C1 and C2.

    A key for C1 and one for a gateway; and its manager.
    """

    def __init__(self, code: str = "F1", *, ttl: int = 8 * 3600, zone: str = "UTC") -> None:
        self.site = models.Site.objects.create(code=code, name=f"Floor {code}", time_zone=zone)
        self.workers = self._many(models.Worker, "W", "Worker ", 5)
        self.stations = self._many(models.Workstation, "S", "Station ", 5)
        self.cameras = self._many(models.Camera, "C", "Camera ", 2, state_ttl_s=ttl)
        models.WorkstationTarget.objects.bulk_create(
            models.WorkstationTarget(workstation=station, per_hour=10)
            for station in self.stations.values()
        )
        self.key = self.new_key(self.cameras["C1"])
        self.gateway = self.new_key()
        self.manager = self.add_member("ada", models.Role.MANAGER)
        self.client = APIClient()
        self._tokens: dict[str, str] = {}
        self._token_of("ada")  # outside of what an example takes back

    # --- master data -----------------------------------------------------------------------------

    def _many(
        self, kind: type[_Coded], letter: str, word: str, number: int, **more: Any
    ) -> dict[str, _Coded]:
        """In one statement, since nearly every test begins here."""
        rows = kind._default_manager.bulk_create(
            kind(site=self.site, code=f"{letter}{n}", name=f"{word}{n}", **more)
            for n in range(1, number + 1)
        )
        return {row.code: row for row in rows}

    def add_worker(self, code: str, *, shifts: Iterable[str] = (), **more: Any) -> models.Worker:
        worker = models.Worker.objects.create(
            site=self.site, code=code, name=code.replace("W", "Worker "), **more
        )
        for name in shifts:
            models.ShiftAssignment.objects.create(worker=worker, shift_name=name)
        return worker

    def add_station(self, code: str, **more: Any) -> models.Workstation:
        station = models.Workstation.objects.create(site=self.site, code=code, name=code, **more)
        models.WorkstationTarget.objects.create(workstation=station, per_hour=10)
        return station

    def add_camera(self, code: str, *, ttl: int, **more: Any) -> models.Camera:
        return models.Camera.objects.create(
            site=self.site, code=code, name=code, state_ttl_s=ttl, **more
        )

    def add_shift(
        self, name: str, start: str, end: str, *breaks: tuple[str, str], **more: Any
    ) -> models.Shift:
        shift = models.Shift.objects.create(
            site=self.site,
            name=name,
            start=time.fromisoformat(start),
            end=time.fromisoformat(end),
            **{"weekdays": EVERY_DAY, **more},
        )
        for begin, finish in breaks:
            marks = {"start": time.fromisoformat(begin), "end": time.fromisoformat(finish)}
            models.ShiftBreak.objects.create(shift=shift, **marks)
        return shift

    def close(self, start: str, end: str) -> models.Closure:
        marks = {
            name: datetime.fromisoformat(at(text))
            for name, text in (("starts_at", start), ("ends_at", end))
        }
        return models.Closure.objects.create(site=self.site, reason="Stocktaking", **marks)

    def retire(self, subject: Any, day: date) -> None:
        """From that day on it is no longer active."""
        subject.active_until = day
        subject.save()

    def new_key(self, camera: models.Camera | None = None, **more: Any) -> str:
        return keys.create_key(site=self.site, camera=camera, at=clock.now(), **more).text

    def add_member(self, name: str, role: str) -> models.User:
        user, _ = models.User.objects.get_or_create(username=name)
        models.Membership.objects.get_or_create(user=user, site=self.site, role=role)
        return user

    # --- what cameras send -----------------------------------------------------------------------

    def send(self, body: object, *, key: str | None = None, **headers: str) -> Response:
        """Any body as it is (bytes) or as JSON; `Content_Type="…"` and the like are headers."""
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        content_type = given.pop("Content-Type", "application/json")
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        authorization = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return self.client.generic(
            "POST", "/api/v1/events/", raw, content_type, headers=authorization | given
        )

    def post(self, *items: object, **headers: str) -> Json:
        """A batch, of which the answer must be 200."""
        response = self.send(list(items), **headers)
        assert response.status_code == 200, response.content
        return response.json()

    def put(self, *items: object, **headers: str) -> None:
        """A batch of which every item must be stored now."""
        answer = self.post(*items, **headers)
        assert answer["accepted"] == len(items), answer

    def code_of(self, item: object, **headers: str) -> str | None:
        """Why one item is refused; None if it is not."""
        refused = self.post(item, **headers)["refused"]
        return refused[0]["code"] if refused else None

    # --- what readers ask -------------------------------------------------------------------------

    def ask(
        self,
        what: str,
        start: str = "",
        end: str = "",
        *,
        by: str = "ada",
        headers: Mapping[str, str] | None = None,
        **more: str,
    ) -> Response:
        """`/api/v1/metrics/…/` as a user asks it."""
        window = {name: at(text) for name, text in (("start", start), ("end", end)) if text}
        return self.client.get(
            f"/api/v1/metrics/{what}/",
            {"site": self.site.code, **window, **more},
            headers={"Authorization": f"Token {self._token_of(by)}", **(headers or {})},
        )

    def _token_of(self, name: str) -> str:
        if name not in self._tokens:
            user = models.User.objects.get(username=name)
            self._tokens[name] = Token.objects.get_or_create(user=user)[0].key
        return self._tokens[name]

    def figures(self, what: str, start: str = "", end: str = "", **more: str) -> Json:
        response = self.ask(what, start, end, **more)
        assert response.status_code == 200, response.content
        return response.json()

    def factory(self, start: str = "", end: str = "", **more: str) -> Json:
        return self.figures("factory", start, end, **more)["factory"]

    def worker(self, code: str, start: str = "", end: str = "", **more: str) -> Json:
        results = self.figures("workers", start, end, **more)["results"]
        return next(row for row in results if row["worker_id"] == code)

    def station(self, code: str, start: str = "", end: str = "", **more: str) -> Json:
        results = self.figures("workstations", start, end, **more)["results"]
        return next(row for row in results if row["workstation_id"] == code)

    def timeline(
        self, start: str = "", end: str = "", **more: str
    ) -> list[tuple[str, str, str, str]]:
        """(worker, state, start, end), times as hours and minutes of the day."""
        return [
            (row["worker_id"], row["state"], row["start"][11:16], row["end"][11:16])
            for row in self.figures("timeline", start, end, **more)["results"]
        ]

    # --- what reviewers say -----------------------------------------------------------------------

    def say(self, event: Event, verdict: str, *, by: str = "", **more: Any) -> Json:
        """A verdict by somebody, else by a reviewer of the site, that must be taken."""
        response = self.judge(event, {"verdict": verdict, **more}, by=by)
        assert response.status_code == 201, response.content
        return response.json()

    def unsay(self, event: Event, *, by: str = "") -> None:
        """Takes a verdict back that must be there."""
        response = self.judge(event, None, by=by)
        assert response.status_code == 204, response.content

    def judge(self, event: Event | int, word: object, *, by: str = "") -> Response:
        """POSTs a word, or DELETEs what was said where it is None."""
        if not by:
            by = self.add_member("rosa", models.Role.REVIEWER).username
        path = f"/api/v1/events/{event if isinstance(event, int) else event.pk}/verdict/"
        headers = {"Authorization": f"Token {self._token_of(by)}"}
        if word is None:
            return self.client.delete(path, headers=headers)
        return self.client.post(path, word, headers=headers)

    # --- what is stored ---------------------------------------------------------------------------

    def events(self) -> int:
        return Event.objects.filter(site=self.site).count()

    def refused(self) -> QuerySet[RefusedEvent]:
        return RefusedEvent.objects.filter(site=self.site).order_by("id")

    def difference(self) -> str | None:
        """The first thing that `manage.py verify` would find."""
        found = (step.run() for step in verify_steps(self.site.pk))
        return next((text for text in found if text), None)


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is rolled back: an example of many in one test."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        forget()


def forget() -> None:
    """What a process keeps in memory belongs to rows that may have been rolled back."""
    cache.clear()
    kept.forget()
    queries._cache.clear()
    keys._clear()
    KeyThrottle._seconds.clear()
