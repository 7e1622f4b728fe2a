"""Fills the demo factory with history, through the same functions as HTTP and the worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import msgspec
from django.db.models import Max
from tqdm import tqdm

from common.instants import HOUR_MS, to_ms, to_rfc3339
from common.intervals import Interval
from demo.artist import Artist
from demo.domain.factory import PLAN
from demo.domain.history import Sighting, history
from demo.domain.pace import COUNT, UNITS
from demo.domain.plan import ShiftDay
from demo.pictures import Pictures, WireEvent
from demo.plant import build_plant, demo_site, opened_on
from drift.reviewing.queue import tend_queue
from drift.watching.checks import check_all
from events.domain import wire
from events.domain.judgement import Sender
from events.ingest import accept_history
from events.models import Event
from workers.domain.calendar import day_start, local_day
from workers.models import Site

BATCH = 4_000  # events in one commit
GATEWAY = Sender(camera_code=None)  # every item names its camera


class RefusedHistoryError(Exception):
    """The site's master data is no longer that of the demo."""


@dataclass
class Seeded:
    """What became of the events."""

    accepted: int = 0
    duplicate: int = 0


def seed_days(*, days: int, until: int, seed: int) -> Seeded:
    """The demo factory with history, where there is none, of so many days. Safe to repeat.

    Today is one of them, and each begins at its local midnight.
    """
    start = day_start(PLAN.zone, local_day(PLAN.zone, until) - timedelta(days=days - 1))
    site = demo_site() or build_plant(opens_on=local_day(PLAN.zone, start))
    window = (max(start, _seen_until(site, until)), until)
    with Artist(PLAN.time_zone) as artist:
        done = seed_history(site, window, seed=seed, pictures=Pictures(site, window, artist))
    # What the worker will do every minute: alerts and reviews are there from the beginning.
    check_all(until)
    tend_queue(until)
    return done


def seed_one_shift(*, day: date, seed: int) -> Seeded:
    """A new demo factory whose last seen shift is the first shift of that day."""
    site = build_plant(opens_on=day, last_shift_opens_on=day + timedelta(days=1))
    shift_day = ShiftDay(PLAN.shifts[0], day, PLAN.zone)
    return seed_history(site, shift_day.window, seed=seed)


def seed_history(
    site: Site, window: Interval, *, seed: int, pictures: Pictures | None = None
) -> Seeded:
    """Stores what is seen in the window, in order of time. Safe to repeat."""
    done = Seeded()
    start, until = window
    hours = max(until - start, 0) // HOUR_MS
    with tqdm(total=hours, desc="Demo history", unit="h", disable=None, leave=False) as bar:
        for batch in _batches(history(PLAN, window, opened_on=opened_on(site), seed=seed)):
            events = [_wire_event(sighting, pictures) for sighting in batch]
            _store(site, events, [min(each.received_at, until) for each in batch], until, done)
            bar.update((batch[-1].occurred_at - start) // HOUR_MS - bar.n)
    return done


def _seen_until(site: Site, until: int) -> int:
    """Just after the newest event of a simulated camera; what was sent by hand does not count."""
    manned = {post.station for shift in PLAN.shifts for post in shift.posts}
    cameras = [station.camera for station in PLAN.stations if station.code in manned]
    seen = Event.objects.filter(site=site, camera__code__in=cameras, occurred_at__lt=until)
    newest = seen.aggregate(newest=Max("occurred_at"))["newest"]
    return to_ms(newest) + 1 if newest else 0


def _batches(seen: Iterator[Sighting]) -> Iterator[list[Sighting]]:
    while batch := list(islice(seen, BATCH)):
        yield batch


def _store(
    site: Site, events: list[WireEvent], received_at: list[int], until: int, done: Seeded
) -> None:
    receipt = accept_history(
        wire.decode(msgspec.json.encode(events)),
        site_id=site.pk,
        sender=GATEWAY,
        received_at=received_at,
        now=until,
    )
    if receipt.refused:
        refusal = next(iter(receipt.refused.values()))
        raise RefusedHistoryError(f"{len(receipt.refused)} events were refused: {refusal.detail}")
    done.accepted += receipt.accepted
    done.duplicate += receipt.duplicate


def _wire_event(sighting: Sighting, pictures: Pictures | None) -> WireEvent:
    event: WireEvent = {
        "timestamp": to_rfc3339(sighting.occurred_at),
        "worker_id": sighting.worker,
        "workstation_id": sighting.station,
        "event_type": sighting.event_type,
        "confidence": sighting.confidence,
        "camera_id": sighting.camera,
    }
    if sighting.event_type == COUNT:
        event["count"] = UNITS
    if pictures and (snapshot_id := pictures.of(sighting, event)):
        event["snapshot_id"] = snapshot_id
    return event
