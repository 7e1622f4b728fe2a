"""What is older than its site keeps goes, what followed from it stays, and life goes on from it."""

import pytest
from django.core.management import CommandError, call_command
from time_machine import TimeMachineFixture

from common import clock
from common.instants import DAY_MS, to_datetime, to_ms
from drift.models import ConfidenceBucket, ReviewItem
from events import horizon, retention, snapshots
from events.models import Event, Snapshot, Verdict
from metrics.models import Span
from metrics.rebuild import rebuild_site
from tests.drift.review_desk import Desk
from tests.events.pictures import jpeg
from tests.floor import HOUR, MINUTE, Floor, count, event, ms
from tests.laws.stored import stored_rows
from workers.models import Site


@pytest.fixture(autouse=True)
def longer_kept(db: None) -> None:
    """Another site keeps its events longer: here the horizon need not wait for a month to end."""
    Site.objects.create(code="F9", name="Floor F9", retention_days=36_500)


def forget_before(floor: Floor, text: str) -> int:
    """Moves the site's horizon there and removes what lies before; how many that was."""
    floor.site.refresh_from_db()
    return retention.remove_old(ms(text) + floor.site.retention_days * DAY_MS)


def kinds(floor: Floor) -> list[str]:
    rows = Event.objects.filter(site=floor.site).order_by("occurred_at", "event_type")
    return [f"{each.occurred_at:%H:%M} {each.event_type}" for each in rows]


def tell(floor: Floor) -> object:
    """What readers are told of a day with a horizon in it."""
    whole = ("00:00", "23:00")
    strips = floor.figures("strips", *whole)["results"]
    return [floor.figures("overview", *whole), floor.timeline(*whole), strips]


# --- what goes -----------------------------------------------------------------------------------


def test_old_events_go_but_for_the_state_that_is_carried_in(floor: Floor) -> None:
    floor.put(event("08:00"), count("08:30"), event("09:10", kind="idle"), event("10:00"))
    assert forget_before(floor, "10:00") == 2
    assert kinds(floor) == ["09:10 idle", "10:00 working"]


def test_horizon_is_the_full_hour_before(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:10"))
    forget_before(floor, "09:59")
    assert Site.objects.get(pk=floor.site.pk).horizon_at == to_datetime(ms("09:00"))


def test_without_old_events_nothing_moves(floor: Floor) -> None:
    floor.put(event("10:00"))
    forget_before(floor, "10:00")
    assert to_ms(Site.objects.get(pk=floor.site.pk).horizon_at) == 0


def test_carried_state_goes_when_a_later_horizon_has_a_newer_one(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:10", kind="idle"), event("11:00"))
    forget_before(floor, "09:00")
    assert kinds(floor) == ["08:00 working", "09:10 idle", "11:00 working"]
    forget_before(floor, "10:00")
    assert kinds(floor) == ["09:10 idle", "11:00 working"]


def test_what_does_not_count_is_not_carried_in(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:00", kind="idle"), event("11:00"))
    floor.say(Event.objects.get(event_type="idle"), "rejected")
    forget_before(floor, "10:00")
    assert kinds(floor) == ["08:00 working", "11:00 working"]


def test_what_counts_as_a_state_of_another_worker_is_carried_in(floor: Floor) -> None:
    floor.put(count("08:00"), event("11:00"))
    as_state = {"event_type": "idle", "worker_id": "W2"}
    floor.say(Event.objects.get(event_type="product_count"), "relabelled", **as_state)
    forget_before(floor, "10:00")
    assert kinds(floor) == ["08:00 product_count", "11:00 working"]
    assert floor.difference() is None


def test_nothing_moves_while_sums_follow_an_older_setting(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:00"), event("11:00"))
    Site.objects.filter(pk=floor.site.pk).update(recalculation_due_at=clock.now())
    assert forget_before(floor, "10:00") == 0


def test_raised_retention_does_not_reopen_the_past(floor: Floor) -> None:
    floor.put(event("08:00"), event("11:00"))
    forget_before(floor, "10:00")
    site = Site.objects.get(pk=floor.site.pk)
    site.retention_days = 30_000
    site.save()
    assert floor.code_of(event("09:59:59.999", worker="W2")) == "expired"
    assert floor.code_of(event("10:00", worker="W2")) is None


def test_verdicts_go_with_their_events(floor: Floor) -> None:
    floor.put(event("08:00", kind="idle"), event("09:00"), event("11:00"))
    for each in Event.objects.all():
        floor.say(each, "confirmed")
    forget_before(floor, "10:00")
    assert Verdict.objects.count() == 2


def test_questions_to_reviewers_go_with_their_events(floor: Floor) -> None:
    desk = Desk(floor)
    floor.put(event("08:00"), event("09:00", kind="idle"), event("11:00"))
    for each in Event.objects.all():
        ReviewItem.objects.create(
            event=each, occurred_at=each.occurred_at, site=desk.site, camera=each.camera,
            event_type=each.event_type, purpose="measure", probability=1, rank=1, chosen_at=1,
        )  # fmt: skip
    forget_before(floor, "10:00")
    assert {item.event.occurred_at for item in ReviewItem.objects.all()} == {
        to_datetime(ms("09:00")),
        to_datetime(ms("11:00")),
    }


def test_pictures_of_removed_events_go_too(floor: Floor) -> None:
    own = {"site_id": floor.site.pk, "camera_id": floor.cameras["C1"].pk}
    now = to_ms(clock.now())
    snapshots.keep(jpeg(), **own, now_ms=now, taken_ms=ms("08:00"))
    kept = snapshots.keep(jpeg(), **own, now_ms=now, taken_ms=ms("10:00"))
    floor.put(event("08:00"), event("11:00"))
    forget_before(floor, "10:00")
    assert snapshots.remove_expired(now) == 1
    assert Snapshot.objects.get() == kept


def test_another_sites_events_stay(floor: Floor) -> None:
    other = Floor("F2")
    other.put(event("08:00"), event("09:00"))
    other.site.retention_days = 500
    other.site.save()
    floor.put(event("08:00"), event("09:00"))
    forget_before(floor, "10:00")
    assert (floor.events(), other.events()) == (1, 2)


def test_many_are_removed_step_by_step(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.put(*(event(f"08:0{minute}") for minute in range(8)))
    horizon.move(floor.site.pk, ms("09:00") + 400 * DAY_MS)
    monkeypatch.setattr(retention, "STEP", 3)
    assert list(retention.remove_steps(floor.site.pk)) == [3, 3, 1, 0]


def test_command_removes_and_says_how_many(
    floor: Floor, still_clock: TimeMachineFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    floor.put(event("08:00"), event("09:00"))
    still_clock.shift(401 * 86_400)
    call_command("remove_old_events", "--site", "F1")
    assert "F1: 1 event removed" in capsys.readouterr().out


def test_command_names_an_unknown_site(db: None) -> None:
    with pytest.raises(CommandError, match="There is no site 'NOPE'"):
        call_command("remove_old_events", "--site", "NOPE")


# --- what stays ----------------------------------------------------------------------------------


def test_figures_and_timelines_stand_as_they_did(floor: Floor) -> None:
    floor.put(event("08:00"), count("08:30", 7), event("09:10", kind="idle"))
    floor.put(event("08:00", worker="W2"), event("11:00", worker="W3"))
    before = tell(floor)
    forget_before(floor, "10:00")
    assert tell(floor) == before


def test_confidences_seen_stay(floor: Floor) -> None:
    floor.put(event("08:00"), event("08:01"), event("11:00"))
    before = list(ConfidenceBucket.objects.order_by("pk").values())
    forget_before(floor, "10:00")
    rebuild_site(floor.site.pk)
    assert list(ConfidenceBucket.objects.order_by("pk").values()) == before


def test_open_state_is_stored_up_to_the_horizon(floor: Floor) -> None:
    floor.put(event("08:30"))
    forget_before(floor, "10:00")
    marks = [to_ms(each) for each in Span.objects.order_by("pk").values_list("ended_at", flat=True)]
    assert sorted(marks) == [ms("09:00"), ms("10:00")]


def test_rebuild_leaves_what_is_frozen(floor: Floor) -> None:
    floor.put(event("08:00"), count("08:30", 7), event("09:10", kind="idle"), event("11:00"))
    forget_before(floor, "10:00")
    before = stored_rows()
    rebuild_site(floor.site.pk)
    assert stored_rows() == before


def test_wrong_row_before_the_horizon_is_no_difference(floor: Floor) -> None:
    floor.put(event("08:00"), event("09:10", kind="idle"), event("11:00"))
    forget_before(floor, "10:00")
    Span.objects.filter(started_at__lt=ms("10:00")).update(state="absent")
    assert floor.difference() is None


# --- how it goes on ------------------------------------------------------------------------------


@pytest.fixture
def half_frozen(floor: Floor) -> Floor:
    """W1 works from 9:30, seen by a camera whose word holds for ten minutes; the horizon is ten."""
    _hold(floor, 10 * MINUTE)
    floor.put(event("09:30"))
    forget_before(floor, "10:00")
    return floor


def _hold(floor: Floor, ttl: int) -> None:
    camera = floor.site.cameras.get(code="C1")
    camera.state_ttl_s = ttl // 1_000
    camera.save()
    rebuild_site(floor.site.pk)


def worked(floor: Floor) -> tuple[int, int]:
    """Milliseconds of work in the hour before the horizon, and in the one after."""
    hours = (("09:00", "10:00"), ("10:00", "11:00"))
    before, since = (floor.worker("W1", *hour)["working_ms"] for hour in hours)
    return before, since


def test_longer_ttl_counts_from_the_horizon_on(half_frozen: Floor) -> None:
    _hold(half_frozen, 8 * HOUR)
    assert worked(half_frozen) == (10 * MINUTE, HOUR)


def test_next_event_leaves_what_is_frozen(half_frozen: Floor) -> None:
    _hold(half_frozen, 8 * HOUR)
    half_frozen.put(event("10:20", kind="absent"))
    assert worked(half_frozen) == (10 * MINUTE, 20 * MINUTE)
    assert half_frozen.difference() is None


def test_late_event_right_after_the_horizon_leaves_what_is_frozen(half_frozen: Floor) -> None:
    _hold(half_frozen, 8 * HOUR)
    half_frozen.put(event("10:40", kind="absent"))
    half_frozen.put(event("10:15", kind="idle"))
    assert worked(half_frozen) == (10 * MINUTE, 15 * MINUTE)
    assert half_frozen.difference() is None


def test_rejecting_the_first_event_since_leaves_what_is_frozen(half_frozen: Floor) -> None:
    _hold(half_frozen, 8 * HOUR)
    half_frozen.put(event("10:20", kind="absent"))
    half_frozen.say(Event.objects.get(event_type="absent"), "rejected")
    assert worked(half_frozen) == (10 * MINUTE, HOUR)
    assert half_frozen.difference() is None


def test_presence_at_a_workstation_before_the_horizon_stays(half_frozen: Floor) -> None:
    before = half_frozen.station("S1", "09:00", "10:00")["present_any_ms"]
    _hold(half_frozen, 8 * HOUR)
    half_frozen.put(event("10:20", kind="absent"))
    assert half_frozen.station("S1", "09:00", "10:00")["present_any_ms"] == before


# --- words on what is frozen ---------------------------------------------------------------------


@pytest.fixture
def carried(floor: Floor) -> Event:
    """A confirmed event that is carried in."""
    floor.put(event("08:00"), event("11:00", kind="idle"))
    found = Event.objects.get(event_type="working")
    floor.say(found, "confirmed")
    forget_before(floor, "10:00")
    return found


@pytest.mark.parametrize("word", [{"verdict": "rejected"}, None], ids=["give", "undo"])
def test_word_on_what_is_frozen_is_refused(floor: Floor, carried: Event, word: object) -> None:
    response = floor.judge(carried, word)
    assert response.status_code == 400
    assert "figures of then stay" in response.json()["fields"]["verdict"][0]


def test_frozen_word_stays_in_force(floor: Floor, carried: Event) -> None:
    floor.judge(carried, None)
    assert Verdict.objects.get().in_force
