"""What a verdict will tell the projections: effective events leave, come back, or change."""

from collections.abc import Sequence

from common.instants import to_ms
from events.domain.change import Change
from events.domain.observation import COLUMNS, Observation
from events.models import Event
from metrics.rollup import project
from tests.floor import Floor
from tests.laws.oracle import Seen
from workers.queries import master_data


def remove(floor: Floor, leaving: Sequence[Seen]) -> list[Event]:
    """Takes the events out of those in force, and says so to the projection."""
    rows = [row for event in leaving for row in _rows(event)]
    Event.objects.filter(pk__in=[row.pk for row in rows]).delete()
    tell(floor, removed=[observation(row) for row in rows])
    return rows


def add(floor: Floor, rows: Sequence[Event]) -> None:
    Event.objects.bulk_create(rows)
    tell(floor, added=[observation(row) for row in rows])


def relabel(floor: Floor, row: Event, kind: str) -> None:
    """The event is another one, from the start."""
    before = observation(row)
    row.event_type = kind
    row.save()
    tell(floor, added=[observation(row)], removed=[before])


def tell(
    floor: Floor, *, added: Sequence[Observation] = (), removed: Sequence[Observation] = ()
) -> None:
    floor.site.refresh_from_db()
    project(Change(master_data(floor.site), facts_added=[], added=added, removed=removed))


def _rows(event: Seen) -> list[Event]:
    codes = {
        "worker__code": event.worker,
        "workstation__code": event.workstation,
        "camera__code": event.camera,
    }
    return list(Event.objects.filter(occurred_at=event.at, event_type=event.kind, **codes))


def observation(row: Event) -> Observation:
    values = {name: getattr(row, name) for name in COLUMNS}
    instants = {name: to_ms(values[name]) for name in ("occurred_at", "received_at")}
    return Observation(**values | instants)
