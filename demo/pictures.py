"""Pictures of the demo's history: drawn, and kept as if a camera had sent them."""

from common.intervals import Interval
from demo.artist import Artist
from demo.domain import mishaps
from demo.domain.factory import PLAN
from demo.domain.history import Sighting
from demo.domain.pictures import Chosen
from demo.plant import opened_on
from events import snapshots
from workers.domain.calendar import day_start, local_day
from workers.models import Camera, Site

WireEvent = dict[str, object]


class Pictures:
    """Of the sightings in a window that have one."""

    def __init__(self, site: Site, window: Interval, artist: Artist) -> None:
        self._site, self._artist, self._end = site, artist, window[1]
        self._opened_on = opened_on(site)
        opened_at = day_start(PLAN.zone, self._opened_on)
        self._chosen = Chosen(PLAN, window, opened_at=opened_at)
        self._cameras = dict(Camera.objects.filter(site=site).values_list("code", "pk"))

    def of(self, sighting: Sighting, event: WireEvent) -> str:
        """By what id the event names its picture; empty: it has none. Safe to repeat."""
        if not self._chosen.takes(sighting):
            return ""
        day = local_day(PLAN.zone, sighting.occurred_at)
        sunk = mishaps.sunk(PLAN, sighting.camera, day, opened_on=self._opened_on)
        return snapshots.keep(
            self._artist.draw(event, sunk=sunk),
            site_id=self._site.pk,
            camera_id=self._cameras[sighting.camera],
            taken_ms=sighting.occurred_at,
            now_ms=min(sighting.received_at, self._end),
        ).public_id
