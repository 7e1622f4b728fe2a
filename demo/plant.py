"""Builds the demo factory: its master data, log-ins and keys."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Min

from common.instants import to_datetime
from demo.accounts import create_accounts
from demo.domain.factory import (
    MODEL_VERSION,
    PLAN,
    REPORTING_INTERVAL_S,
    SITE_CODE,
    SITE_NAME,
    STATE_TTL_S,
)
from demo.domain.plan import Shift as PlannedShift
from demo.domain.plan import Station
from demo.keys import create_key
from workers import registry
from workers.domain.calendar import day_start
from workers.models import Camera, IngestKey, Shift, Site, Worker, Workstation


class NotTheDemoError(Exception):
    """The demo's site code belongs to a real site."""


def demo_site() -> Site | None:
    """The demo factory, if there is one. Raises NotTheDemoError rather than touch a real site."""
    site = Site.objects.filter(code=SITE_CODE).first()
    if site and not IngestKey.objects.filter(site=site, is_demo=True).exists():
        raise NotTheDemoError(f"There is a site {SITE_CODE} that is not the demo's.")
    return site


def opened_on(site: Site) -> date:
    """The demo factory's first working day."""
    first = Shift.objects.filter(site=site).aggregate(first=Min("valid_from"))["first"]
    return first or date.min


@transaction.atomic
def build_plant(*, opens_on: date, last_shift_opens_on: date | None = None) -> Site:
    """The demo factory, new; its shifts begin on these days."""
    at = to_datetime(day_start(PLAN.zone, opens_on))
    site = Site(
        code=SITE_CODE,
        name=SITE_NAME,
        time_zone=PLAN.time_zone,
        people_shown=Site.PeopleShown.NAMES,
    )
    registry.save_site(site, at=at)
    *earlier, last = PLAN.shifts
    for shift in earlier:
        _build_shift(site, shift, opens_on)
    _build_shift(site, last, last_shift_opens_on or opens_on)
    for code, name in PLAN.workers.items():
        registry.save_worker(Worker(site=site, code=code, name=name), shifts=_shifts_of(code))
    for station in PLAN.stations:
        _build_station(site, station)
    for camera in Camera.objects.filter(site=site).order_by("id"):
        create_key(camera, at=at)
    create_accounts(site, at=at)
    site.refresh_from_db()
    return site


def _build_shift(site: Site, planned: PlannedShift, opens_on: date) -> None:
    start, end = planned.hours
    shift = Shift(
        site=site,
        name=planned.name,
        weekdays="1234567",
        start=start,
        end=end,
        valid_from=opens_on,
    )
    registry.save_shift(shift, breaks=planned.breaks)


def _shifts_of(worker: str) -> set[str]:
    """Who has no post belongs to all shifts: an event sent by hand counts at any hour."""
    posted = {shift.name for shift in PLAN.shifts for post in shift.posts if post.worker == worker}
    return posted or {shift.name for shift in PLAN.shifts}


def _build_station(site: Site, planned: Station) -> None:
    station = Workstation(site=site, code=planned.code, name=planned.name, kind=planned.kind)
    target = planned.target_per_hour
    registry.save_workstation(station, target_per_hour=None if target is None else Decimal(target))
    camera = Camera(
        site=site,
        code=planned.camera,
        name=f"Above the {planned.name.lower()}",
        state_ttl_s=STATE_TTL_S,
        reporting_interval_s=REPORTING_INTERVAL_S,
    )
    registry.save_camera(
        camera,
        at=to_datetime(0),
        workstations={planned.code},
        model_version=MODEL_VERSION,
    )
