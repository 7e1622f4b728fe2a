"""What a verdict will do: effective events leave, and come back as if they had never been gone."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from common.instants import to_ms
from events.domain.observation import COLUMNS, Observation
from events.models import Event
from events.domain.change import Change
from metrics.rollup import project
from tests.floor import Floor, taken_back
from tests.laws.effort import HALF_AS_LONG
from tests.laws.logs import Delivery, deliver, deliveries
from tests.laws.oracle import Seen
from tests.laws.stored import check_rows, stored_rows
from workers.queries import master_data


@st.composite
def partings(draw: st.DrawFn) -> tuple[Delivery, list[Seen]]:
    """A log, and some of its events."""
    delivery = draw(deliveries())
    some = st.lists(st.sampled_from(delivery.events), max_size=6, unique=True)
    return delivery, draw(some) if delivery.events else []


@HALF_AS_LONG
@given(partings())
def test_removed_events_leave_as_if_they_had_never_been(
    law_floor: Floor, parting: tuple[Delivery, list[Seen]]
) -> None:
    delivery, leaving = parting
    with taken_back():
        accepted = deliver(law_floor, delivery)
        remove(law_floor, leaving)
        staying = [event for event in accepted if not _is_among(leaving, event)]
        check_rows(staying, but_newest=True)  # when something was last seen stays known


@HALF_AS_LONG
@given(partings())
def test_events_added_again_restore_every_row(
    law_floor: Floor, parting: tuple[Delivery, list[Seen]]
) -> None:
    delivery, leaving = parting
    with taken_back():
        deliver(law_floor, delivery)
        before = stored_rows()
        add(law_floor, remove(law_floor, leaving))
        assert stored_rows() == before


def _is_among(leaving: Sequence[Seen], event: Seen) -> bool:
    return replace(event, received=0) in leaving


def remove(floor: Floor, leaving: Sequence[Seen]) -> list[Event]:
    """Takes the events out of those in force, and says so to the projection."""
    rows = [row for event in leaving for row in _rows(event)]
    Event.objects.filter(pk__in=[row.pk for row in rows]).delete()
    floor.site.refresh_from_db()
    master = master_data(floor.site)
    project(Change(master, facts_added=[], added=[], removed=[_observation(row) for row in rows]))
    return rows


def add(floor: Floor, rows: Sequence[Event]) -> None:
    Event.objects.bulk_create(rows)
    added = [_observation(row) for row in rows]
    project(Change(master_data(floor.site), facts_added=[], added=added))


def _rows(event: Seen) -> list[Event]:
    codes = {
        "worker__code": event.worker,
        "workstation__code": event.workstation,
        "camera__code": event.camera,
    }
    return list(Event.objects.filter(occurred_at=event.at, event_type=event.kind, **codes))


def _observation(row: Event) -> Observation:
    values = {name: getattr(row, name) for name in COLUMNS}
    instants = {name: to_ms(values[name]) for name in ("occurred_at", "received_at")}
    return Observation(**values | instants)
