"""Alerts open when recognition becomes less sure, and say what, since when, and how bad it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from common.instants import to_ms
from drift.models import Alert, AlertTransition, OutboxMessage, Reason, Recipient
from drift.watching import checks
from tests.drift.camera_days import check, falls, found, reports, send, steady, the_alert
from tests.floor import HOUR, Floor, Json, at, ms
from workers.models import Site

PASSING = falls("10:00", day=-1, until=ms("12:00", day=-1))


def story(alert: Alert) -> list[tuple[str, int]]:
    rows = alert.transitions.order_by("recorded_at", "pk")
    return [(row.kind, to_ms(row.at)) for row in rows]


def test_a_steady_camera_has_no_alert(floor: Floor) -> None:
    send(floor, reports())
    assert "0 alerts not resolved" in check()


@pytest.fixture
def fallen(floor: Floor) -> Floor:
    """C1 recognises worse from ten o'clock on; C2 as ever."""
    send(floor, reports(falls("10:00")))
    send(floor, reports(camera="C2", worker_id="W2"))
    return floor


def test_a_fall_is_found_within_two_hours(fallen: Floor) -> None:
    check()
    alert = the_alert()
    assert alert.camera.code == "C1"
    assert to_ms(alert.onset_at) == ms("10:00")
    assert to_ms(alert.detected_at) <= ms("12:00")


def test_a_fall_is_told_with_what_was_usual(fallen: Floor) -> None:
    check()
    segment = next(each for each in the_alert().segments if each["event_type"] == "working")
    assert segment["channel"] == "mean"
    assert segment["before"] == pytest.approx(0.93, abs=0.01)
    assert segment["now"] == pytest.approx(0.80, abs=0.01)
    assert segment["shift"] == pytest.approx(segment["now"] - segment["before"], abs=2e-4)


def test_a_large_fall_becomes_critical(fallen: Floor) -> None:
    check()
    assert [kind for kind, _ in story(the_alert())] == ["opened", "escalated"]
    assert the_alert().severity == "critical"


def test_a_small_fall_warns_at_first(floor: Floor) -> None:
    send(floor, reports(falls("10:00", 0.88)))
    check("15:00")
    assert (the_alert().severity, the_alert().reasons) == ("warning", ["mean"])


def test_scattered_confidences_are_found_at_the_same_mean(floor: Floor) -> None:
    events = reports(lambda _: 0.85, sd=lambda at: 0.13 if at >= ms("10:00") else 0.04, per_hour=30)
    send(floor, events)
    check()
    assert Reason.DISPERSION in the_alert().reasons


def test_evaluating_every_hour_finds_the_same_as_evaluating_once(fallen: Floor) -> None:
    for hour in range(6, 19):
        check(f"{hour:02}:00")
    by_the_hour = found()
    Alert.objects.all().delete()
    fallen.site.cameras.get(code="C1").watchedcamera.delete()
    check()
    assert found() == by_the_hour


def test_evaluating_again_changes_nothing(fallen: Floor) -> None:
    check()
    before, log = found(), story(the_alert())
    assert "0 cameras evaluated" in check()
    assert (found(), story(the_alert())) == (before, log)


def test_an_hour_that_has_not_ended_is_not_looked_at(fallen: Floor) -> None:
    check("11:45")
    at_first = found()
    check("12:00")
    assert found() != at_first


def test_the_floor_is_a_reason_of_its_own(floor: Floor) -> None:
    """No reference is needed: the camera is new, and never was above it."""
    send(floor, reports(lambda _: 0.8, start=ms("00:00", day=-1)))
    check()
    alert = the_alert()
    assert (alert.reasons, alert.severity) == (["floor"], "critical")
    assert to_ms(alert.detected_at) == ms("06:00", day=-1) + 4 * HOUR  # with the 50th event


def test_too_few_events_say_nothing_about_the_floor(floor: Floor) -> None:
    send(floor, reports(lambda _: 0.8, start=ms("06:00"), until="09:00"))
    check()
    assert not found()


def test_a_new_version_is_learnt_by_itself(floor: Floor) -> None:
    """It is less sure than the old one from its first hour on, and that is its usual."""
    send(floor, reports(until="00:00", model_version="old"))
    send(floor, reports(lambda _: 0.87, start=ms("00:00"), day=1, model_version="new"))
    check("16:00", day=1)
    assert not found()


def test_each_version_has_its_own_alert(floor: Floor) -> None:
    send(floor, reports(falls("08:00"), until="12:00", model_version="old"))
    low = reports(lambda _: 0.8, start=ms("12:00"), day=1, until="16:00", model_version="new")
    send(floor, low)
    check("16:00", day=1)
    assert {(each[1], each[4]) for each in found()} == {
        ("old", ("mean",)),
        ("new", ("floor",)),
    }


def test_an_alert_of_a_replaced_version_ends_by_itself(floor: Floor) -> None:
    send(floor, reports(falls("08:00"), until="12:00", model_version="old"))
    send(floor, reports(start=ms("12:00"), day=1, until="16:00", model_version="new"))
    check("16:00", day=1)
    alert = the_alert()
    assert (alert.resolution, to_ms(alert.resolved_at)) == ("model_replaced", ms("12:00", day=1))


def test_an_alert_is_quiet_a_day_after_the_last_alarm(floor: Floor) -> None:
    """A cleaned lens: the sum falls by one an hour, while there is something to see."""
    send(floor, reports(PASSING, day=1, until="17:00"))
    check("12:00", day=-1)
    assert the_alert().status == "open"
    check("17:00", day=1)
    alert = the_alert()
    assert (alert.status, alert.resolution) == ("resolved", "quiet")
    ended = next(at for kind, at in story(alert) if kind == "resolved")
    assert to_ms(alert.resolved_at) == ended


def test_the_same_record_opens_again_within_three_days(floor: Floor) -> None:
    falls_twice = reports(
        lambda at: 0.8 if at // HOUR % 24 in (10, 11) and at >= ms("00:00", day=-4) else 0.93,
        until="00:00",
        day=-3,
    )
    send(floor, falls_twice)
    send(floor, reports(falls("10:00", day=0), start=ms("00:00", day=-3), day=0, until="14:00"))
    check("14:00")
    kinds = [kind for kind, _ in story(the_alert())]
    assert kinds.count("opened") == 1
    assert "reopened" in kinds
    assert to_ms(the_alert().onset_at) == ms("10:00")


# --- late events ----------------------------------------------------------------------------------


def test_a_late_event_marks_its_camera_alone(fallen: Floor) -> None:
    check()
    fallen.put(*reports(start=ms("07:00"), until="08:00", worker_id="W3"), key=fallen.gateway)
    assert "1 cameras evaluated" in check()


def test_an_event_of_the_present_marks_nothing(fallen: Floor) -> None:
    check("12:00")
    fallen.put(*reports(start=ms("17:00"), worker_id="W3"), key=fallen.gateway)
    assert "0 cameras evaluated" in check("12:00")


def of_hour(events: list[Json], hour: int) -> list[Json]:
    return [each for each in events if each["timestamp"].startswith(at(f"{hour}:00")[:13])]


def test_an_alert_that_late_events_explain_is_withdrawn(floor: Floor) -> None:
    """Of each hour, only the worst of what was seen had come at first."""
    events = reports(sd=lambda _: 0.06)
    worst = [
        each
        for hour in range(10, 18)
        for each in sorted(of_hour(events, hour), key=lambda each: each["confidence"])[:6]
    ]
    rest = [each for hour in range(10, 18) for each in of_hour(events, hour) if each not in worst]
    send(floor, [each for each in events if each not in rest])
    check()
    assert the_alert().status == "open"
    send(floor, rest)
    check()
    assert (the_alert().status, the_alert().resolution) == ("resolved", "withdrawn")
    assert found() == []


def test_late_events_move_the_same_alert(floor: Floor) -> None:
    events = reports(falls("10:00"))
    late = [each for hour in (10, 11, 12) for each in of_hour(events, hour)]
    send(floor, [each for each in events if each not in late])
    check()
    detected = to_ms(the_alert().detected_at)
    send(floor, late)
    check()
    assert to_ms(the_alert().detected_at) < detected
    assert "revised" in [kind for kind, _ in story(the_alert())]


# --- what is told ---------------------------------------------------------------------------------


@pytest.fixture
def told(floor: Floor) -> Floor:
    Recipient.objects.create(site=floor.site, address="crew@example.com")
    return floor


def subjects() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("subject", flat=True))


def test_an_opening_is_told_once(told: Floor) -> None:
    send(told, reports(falls("10:00")))
    check("12:00")
    check("12:00")
    (subject,) = subjects()
    assert subject.startswith("Alert: C1: recognition less sure (working .93 → .79) since Tue 16")


def test_an_escalation_is_told(told: Floor) -> None:
    send(told, reports(falls("10:00", 0.88)))
    check("15:00")
    check()
    assert [subject.split(":")[0] for subject in subjects()] == ["Alert", "Critical"]


def test_the_end_is_told(told: Floor) -> None:
    send(told, reports(PASSING, day=1, until="17:00"))
    check("12:00", day=-1)
    check("17:00", day=1)
    assert subjects()[-1].startswith("Resolved: C1")


def test_what_came_and_went_before_anybody_looked_is_not_told(told: Floor) -> None:
    send(told, reports(PASSING, day=1, until="17:00"))
    check("17:00", day=1)
    assert the_alert().status == "resolved"
    assert subjects() == []


def test_what_nobody_acknowledges_is_told_again_a_day_later(
    told: Floor, still_clock: TimeMachineFixture
) -> None:
    send(told, reports(falls("10:00")))
    check()
    still_clock.shift(24 * 3600)
    check()
    check()
    assert [subject.split(":")[0] for subject in subjects()] == ["Alert", "Still open"]


def test_pages_ask_again_when_an_alert_opens(fallen: Floor) -> None:
    before = Site.objects.get().revision
    check()
    assert Site.objects.get().revision > before


def test_nothing_new_costs_the_same_however_many_cameras(floor: Floor) -> None:
    send(floor, reports(steady, start=ms("06:00"), until="08:00"))
    check()
    counts = []
    for number in (1, 8):
        for n in range(number):
            floor.add_camera(f"X{number}{n}", ttl=300)
        checks.check_site(floor.site, until=ms("18:00"), now_ms=ms("18:02"))
        with CaptureQueriesContext(connection) as captured:
            checks.check_site(floor.site, until=ms("18:00"), now_ms=ms("18:02"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_log_is_kept_of_everything(fallen: Floor) -> None:
    check()
    assert set(AlertTransition.objects.values_list("kind", flat=True)) == {"opened", "escalated"}
