"""The demo's pictures: few, of every camera, and alerts to look into from the beginning."""

import subprocess
from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from common.instants import DAY_MS, HOUR_MS, MINUTE_MS, to_ms
from demo.artist import Artist, CannotDrawError
from demo.domain.factory import PLAN
from demo.domain.history import Sighting, history
from demo.domain.pictures import Chosen
from drift.models import Alert, ReviewItem
from events.models import Event, Snapshot

OPENED = date(2026, 6, 4)
OPENED_AT = to_ms(datetime(2026, 6, 3, 22, tzinfo=UTC))
UNTIL = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
WINDOW = (OPENED_AT, to_ms(UNTIL))


def chosen(seen: list[Sighting], start: int, end: int) -> list[Sighting]:
    """Those in the window, as chosen when the demo is seeded at its end."""
    of_window = Chosen(PLAN, (start, end), opened_at=OPENED_AT)
    return [each for each in seen if start <= each.occurred_at < end and of_window.takes(each)]


@pytest.fixture(scope="module")
def seen() -> list[Sighting]:
    return list(history(PLAN, WINDOW, opened_on=OPENED, seed=1))


def test_about_forty_are_drawn_of_every_camera(seen: list[Sighting]) -> None:
    found = chosen(seen, *WINDOW)
    assert 36 <= len(found) <= 44
    assert set(Counter(each.camera for each in found)) == {f"CAM-{n}" for n in range(1, 7)}


def test_the_sinking_camera_is_seen_in_its_good_days_too(seen: list[Sighting]) -> None:
    times = [each.occurred_at for each in chosen(seen, *WINDOW) if each.camera == "CAM-6"]
    early = [at for at in times if at < OPENED_AT + 7 * DAY_MS]
    late = [at for at in times if at > WINDOW[1] - 2 * DAY_MS]
    assert len(early) == 6
    assert len(late) >= 6


def test_a_picture_is_of_the_first_sighting_after_its_time(seen: list[Sighting]) -> None:
    for each in chosen(seen, *WINDOW):
        same = [other for other in seen if other.camera == each.camera]
        before = [other.occurred_at for other in same if other.occurred_at < each.occurred_at]
        assert each.occurred_at - max(before, default=0) <= 20 * MINUTE_MS or each in same[:1]


def test_a_demo_that_goes_on_has_new_pictures_and_none_twice(seen: list[Sighting]) -> None:
    middle = WINDOW[1] - 10 * HOUR_MS
    first, then = chosen(seen, WINDOW[0], middle), chosen(seen, middle, WINDOW[1])
    assert 3 <= len(then) <= 8
    assert not set(first) & set(then)


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(CannotDrawError), Artist("UTC") as artist:
        artist.draw({"event_type": "dancing"}, sunk=0)


def test_nothing_is_started_where_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    with Artist("UTC"):
        pass


@pytest.mark.django_db
def test_alerts_and_reviews_are_there_from_the_beginning() -> None:
    """Drift can't be awaited in five minutes."""
    call_command("seed_demo", until=UNTIL, stdout=StringIO())
    alerts = Alert.objects.order_by("camera__code").values_list("camera__code", "status")
    assert list(alerts) == [("CAM-2", "resolved"), ("CAM-6", "open")]
    waiting = ReviewItem.objects.filter(status="waiting")
    pictures = set(Snapshot.objects.values_list("public_id", flat=True))
    assert 36 <= len(pictures) <= 44
    assert waiting.count() >= 20
    assert set(waiting.values_list("event__snapshot_id", flat=True)) <= pictures
    assert set(waiting.values_list("purpose", "side").distinct()) == {
        ("measure", ""),
        ("alert", "after"),
        ("alert", "reference"),
    }
    named = Event.objects.exclude(snapshot_id="")
    assert set(named.values_list("snapshot_id", flat=True)) == pictures
