"""Cameras that are silent, or see much less than usual: alerts of what is missing now."""

import pytest
from time_machine import TimeMachineFixture

from common.instants import to_ms
from drift.models import Alert
from drift.watching import checks, decisions
from tests.drift.camera_days import check, reports, send
from tests.floor import MINUTE, NOW, Floor, event, ms
from workers.models import User

NOW_MS = to_ms(NOW)


@pytest.fixture
def reporting(floor: Floor) -> Floor:
    """C1 should report every minute; it was last heard at 18:00, now."""
    camera = floor.cameras["C1"]
    camera.reporting_interval_s = 60
    camera.save()
    floor.put(event("08:00"))
    return floor


def look(minutes: float) -> list[Alert]:
    """The live alerts, so many minutes later."""
    at = NOW_MS + int(minutes * MINUTE)
    checks.check_all(at)
    return list(Alert.objects.filter(is_live=True).order_by("pk"))


def test_three_missed_reports_are_silence(reporting: Floor) -> None:
    assert look(2.9) == []
    (alert,) = look(3)
    assert (alert.reasons, alert.status) == (["silence"], "open")
    assert to_ms(alert.onset_at) == NOW_MS
    assert to_ms(alert.detected_at) == NOW_MS + 3 * MINUTE


def test_silence_is_detected_at_the_same_instant_however_late_it_is_seen(reporting: Floor) -> None:
    (alert,) = look(25)
    assert to_ms(alert.detected_at) == NOW_MS + 3 * MINUTE


def test_without_an_interval_the_ttl_stands_for_three(floor: Floor) -> None:
    floor.put(event("08:00"))
    assert look(8 * 60 - 1) == []
    assert len(look(8 * 60)) == 1


def test_a_heartbeat_is_no_silence(reporting: Floor, still_clock: TimeMachineFixture) -> None:
    still_clock.shift(150)
    assert reporting.send({"events": [], "camera_id": "C1"}).status_code == 200
    assert look(4) == []


def test_a_camera_that_is_heard_again_is_resolved(
    reporting: Floor, still_clock: TimeMachineFixture
) -> None:
    look(4)
    still_clock.shift(5 * 60)
    reporting.send({"events": [], "camera_id": "C1"})
    (alert,) = look(5)
    assert (alert.status, alert.resolution, alert.note) == ("resolved", "fixed", "Heard again.")


def test_the_same_record_opens_again(reporting: Floor, still_clock: TimeMachineFixture) -> None:
    look(4)
    still_clock.shift(5 * 60)
    reporting.send({"events": [], "camera_id": "C1"})
    look(5)
    (alert,) = look(9)
    assert alert.status == "open"
    assert [row.kind for row in alert.transitions.order_by("pk")] == [
        "opened",
        "resolved",
        "reopened",
    ]


def test_a_camera_that_was_never_heard_is_not_silent(floor: Floor) -> None:
    assert look(10_000) == []


def test_nobody_expects_a_report_when_nobody_works(reporting: Floor) -> None:
    reporting.add_shift("Day", "06:00", "18:02")  # two minutes of it are left
    assert look(60) == []
    assert look(12 * 60) == []
    (alert,) = look(12 * 60 + 1)  # the first minute of the next day
    assert to_ms(alert.detected_at) == ms("06:01", day=2)


def test_a_break_is_no_silence(reporting: Floor) -> None:
    reporting.add_shift("Late", "14:00", "22:00", ("18:00", "18:30"))
    assert look(32) == []
    assert len(look(33)) == 1


def test_a_retired_camera_is_not_missed(reporting: Floor) -> None:
    reporting.retire(reporting.cameras["C1"], NOW.date())
    assert look(60) == []


def test_what_a_person_has_resolved_is_not_told_while_the_same_silence_lasts(
    reporting: Floor,
) -> None:
    (alert,) = look(4)
    by = User.objects.get(username="ada")
    decisions.resolve(alert, by=by, resolution="fixed", note="Cable", now_ms=NOW_MS + 5 * MINUTE)
    (alert,) = look(30)
    assert alert.status == "resolved"


def test_a_silent_camera_has_a_drift_alert_besides(reporting: Floor) -> None:
    send(reporting, reports(lambda _: 0.8, start=ms("00:00"), worker_id="W3"))
    look(10)
    assert sorted(tuple(each.reasons) for each in Alert.objects.all()) == [
        ("floor",),
        ("silence",),
    ]


# --- volume --------------------------------------------------------------------------------------


def weeks(floor: Floor, *, today: int) -> None:
    """Two weeks as ever, and this day up to ten with so many events an hour."""
    send(floor, reports(start=ms("00:00", day=-14), until="00:00", per_hour=20))
    send(floor, reports(start=ms("00:00"), until="10:00", per_hour=today))


def volumes() -> list[Alert]:
    return list(Alert.objects.filter(is_live=True))


def test_less_than_half_of_the_weeks_before_is_told(floor: Floor) -> None:
    weeks(floor, today=9)
    check("10:05")
    (alert,) = volumes()
    assert alert.reasons == ["volume"]
    (segment,) = alert.segments
    assert (segment["now"], segment["before"]) == (36, 80)


def test_half_is_enough(floor: Floor) -> None:
    weeks(floor, today=10)
    check("10:05")
    assert volumes() == []


def test_nothing_at_all_is_told_too(floor: Floor) -> None:
    weeks(floor, today=0)
    check("10:05")
    assert [alert.reasons for alert in volumes()] == [["volume"]]


def test_the_first_week_has_nothing_to_be_compared_with(floor: Floor) -> None:
    send(floor, reports(start=ms("00:00", day=-5), until="10:00", per_hour=20))
    check("16:00")
    assert volumes() == []


def test_a_closed_day_is_not_told(floor: Floor) -> None:
    floor.close("00:00", "23:55")
    weeks(floor, today=0)
    check("10:05")
    assert volumes() == []


def test_a_new_version_sees_as_much_as_the_old_one(floor: Floor) -> None:
    send(floor, reports(start=ms("00:00", day=-14), until="00:00", model_version="old"))
    send(floor, reports(start=ms("00:00"), until="10:00", model_version="new"))
    check("10:05")
    assert volumes() == []


def test_as_many_as_usual_again_resolves_it(floor: Floor) -> None:
    weeks(floor, today=9)
    check("10:05")
    send(floor, reports(start=ms("10:00"), until="16:00", per_hour=20))
    check("14:05")
    (alert,) = volumes()
    assert (alert.status, alert.note) == ("resolved", "As many events as usual again.")


def test_it_stays_open_between_two_looks(floor: Floor) -> None:
    weeks(floor, today=9)
    check("10:05")
    check("10:20")
    assert [alert.status for alert in volumes()] == ["open"]


def test_few_events_are_no_matter_where_few_are_usual(floor: Floor) -> None:
    send(floor, reports(start=ms("00:00", day=-14), until="00:00", per_hour=10))
    check("10:05")
    assert volumes() == []
