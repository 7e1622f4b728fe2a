"""A review item as people see it: the picture or what there is instead, and what the camera says.

Never the model's confidence, nor what the item was chosen for: both would sway the reviewer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from common.instants import MINUTE_MS, to_datetime, to_ms, to_rfc3339
from common.intervals import Interval
from drift.models import ReviewItem
from events import snapshots
from events.models import Event
from workers.domain.links import filled
from workers.domain.master import MasterData, is_active
from workers.queries import master_data

AROUND_MS = 10 * MINUTE_MS  # so much before and after the event is shown where there is no picture
STRIP_WIDTH = 1_000  # of the drawing; the page scales it
SAYS = {"working": "is working", "idle": "is idle", "absent": "is absent"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the strip, in its own units."""

    left: int
    width: int
    state: str
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What the worker was seen to do around the event, with the clock at both ends and between."""

    stretches: list[Stretch]
    start: str
    middle: str
    end: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be right instead."""

    value: str
    label: str
    is_reported: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that one item's card shows."""

    item_id: int
    picture_url: str
    picture_alt: str
    who: str
    says: str
    where: str
    camera: str
    when: str
    strip: Strip | None
    archive_url: str
    types: list[Choice]
    workers: list[Choice]
    workstations: list[Choice]
    units: int


def card_of(item: ReviewItem, *, names_shown: bool) -> Card:
    """The card; `item` comes with its event, site and camera."""
    event, site = item.event, item.site
    master = master_data(site)
    at = to_ms(event.occurred_at)
    picture_url = _picture_url(event)
    camera = f"{item.camera.code} {item.camera.name}"
    when = f"{_local(master, at):%a %d %b %Y, %H:%M:%S}"
    workers = {each.id: _named(each, is_name_shown=names_shown) for each in master.workers.values()}
    stations = {each.id: _named(each, is_name_shown=True) for each in master.workstations.values()}
    return Card(
        item_id=item.pk,
        picture_url=picture_url,
        picture_alt=f"{camera}, {when}",
        who=workers[event.worker_id],
        says=_says(event),
        where=stations[event.workstation_id],
        camera=camera,
        when=f"{when} ({site.time_zone})",
        strip=None if picture_url else _strip(event, master, at),
        archive_url=filled(site.snapshot_link, camera=item.camera.code, timestamp=to_rfc3339(at)),
        types=_types(event),
        workers=_choices(master.workers, workers, event.worker_id, at),
        workstations=_choices(master.workstations, stations, event.workstation_id, at),
        units=event.count or 1,
    )


def _named(info: Any, *, is_name_shown: bool) -> str:
    return f"{info.code} {info.name}".strip() if is_name_shown else info.code


def _says(event: Event) -> str:
    if event.event_type in SAYS:
        return SAYS[event.event_type]
    units = "a unit" if event.count == 1 else f"{event.count:,} units"
    return f"has finished {units}"


def _picture_url(event: Event) -> str:
    """Empty where none came, or it has been removed since."""
    kept = snapshots.of_event(event)
    return reverse("snapshot", args=[kept.public_id]) if kept else ""


def _types(event: Event) -> list[Choice]:
    choices = Event._meta.get_field("event_type").choices or []
    return [Choice(str(v), str(label), v == event.event_type) for v, label in choices]


def _choices(infos: dict[str, Any], labels: dict[int, str], reported: int, at: int) -> list[Choice]:
    """Those that were active then."""
    return [
        Choice(code, labels[info.id], info.id == reported)
        for code, info in infos.items()
        if is_active(info.active, at)
    ]


def _strip(event: Event, master: MasterData, at: int) -> Strip:
    window = (at - AROUND_MS, at + AROUND_MS)
    scale = STRIP_WIDTH / (2 * AROUND_MS)
    stretches = []
    for start, end, state, station_id in _states_around()(event.worker_id, window, master):
        station = master.workstations_by_id[station_id].code
        left, right = round((start - window[0]) * scale), round((end - window[0]) * scale)
        label = f"{_local(master, start):%H:%M:%S} {state} at {station}"
        stretches.append(Stretch(left, max(right - left, 1), state, label))
    marks = (f"{_local(master, instant):%H:%M}" for instant in (window[0], at, window[1]))
    return Strip(stretches, *marks)


_StatesAround = Callable[[int, Interval, MasterData], list[tuple[int, int, str, int]]]


@lru_cache
def _states_around() -> _StatesAround:
    """Another app's, so settings name it."""
    found: _StatesAround = import_string(settings.STATES_AROUND)
    return found


def _local(master: MasterData, instant: int) -> Any:
    return to_datetime(instant).astimezone(master.time_zone)
