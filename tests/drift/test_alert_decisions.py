"""What people decide about alerts, and how watching goes on from there."""

from decimal import Decimal
from typing import Any

import pytest

from common.instants import to_datetime, to_ms
from drift.models import (
    Alert,
    MaintenanceWindow,
    OutboxMessage,
    Recipient,
    RetrainingExport,
    WatchRules,
)
from drift.watching import buckets, decisions, maintenance, rules
from tests.drift.camera_days import check, falls, found, reports, send, the_alert
from tests.floor import Floor, ms
from workers.models import User


@pytest.fixture
def alerted(floor: Floor) -> Floor:
    """C1 has been worse since ten o'clock of the day before, and it is noon."""
    send(floor, reports(falls("10:00", day=-1), until="12:00"))
    check("12:00")
    return floor


def ada() -> User:
    return User.objects.get(username="ada")


def resolve(resolution: str, at: int, note: str = "") -> Alert:
    return decisions.resolve(the_alert(), by=ada(), resolution=resolution, note=note, now_ms=at)


def goes_on(floor: Floor, level: float = 0.8) -> None:
    """Until the evening of the next day."""
    send(floor, reports(lambda _: level, start=ms("12:00"), day=1, until="16:00"))
    check("16:00", day=1)


def test_acknowledging_is_remembered_with_its_author(alerted: Floor) -> None:
    alert = decisions.acknowledge(the_alert(), by=ada(), now_ms=ms("12:05"))
    assert (alert.status, alert.acknowledged_by) == ("acknowledged", ada())


def test_acknowledging_twice_is_written_down_once(alerted: Floor) -> None:
    for _ in range(2):
        decisions.acknowledge(the_alert(), by=ada(), now_ms=ms("12:05"))
    assert the_alert().transitions.filter(kind="acknowledged").count() == 1


def test_an_acknowledged_alert_stays_so_while_it_goes_on(alerted: Floor) -> None:
    decisions.acknowledge(the_alert(), by=ada(), now_ms=ms("12:05"))
    goes_on(alerted)
    assert the_alert().status == "acknowledged"


def test_a_resolved_alert_cannot_be_resolved_again(alerted: Floor) -> None:
    resolve("fixed", ms("12:05"))
    with pytest.raises(decisions.ResolvedError):
        resolve("false_alarm", ms("12:06"))


@pytest.mark.parametrize("resolution", ["fixed", "false_alarm"])
def test_what_is_fixed_stays_resolved(alerted: Floor, resolution: str) -> None:
    resolve(resolution, ms("12:05"), "Lens cleaned")
    goes_on(alerted, 0.93)
    alert = the_alert()
    assert (alert.status, alert.resolution, alert.note) == ("resolved", resolution, "Lens cleaned")
    assert to_ms(alert.resolved_at) == ms("12:05")


def test_what_is_not_fixed_opens_again_with_its_new_onset(alerted: Floor) -> None:
    resolve("fixed", ms("12:05"))
    goes_on(alerted)
    assert the_alert().status == "open"
    assert to_ms(the_alert().onset_at) == ms("13:00")  # the hour of the decision counts for neither
    assert the_alert().resolved_by is None


def test_the_new_normal_is_what_has_been_seen_since_the_onset(floor: Floor) -> None:
    """Four days of it: enough to watch by at once, so a further fall is found."""
    send(floor, reports(falls("06:00", 0.87, day=-4), until="00:00"))
    check("00:00")
    resolve("new_normal", ms("00:00"))
    send(floor, reports(lambda _: 0.87, start=ms("00:00"), until="18:00"))
    check()
    assert the_alert().status == "resolved"
    send(floor, reports(lambda _: 0.7, start=ms("00:00", day=1), day=1, until="16:00"))
    check("16:00", day=1)
    assert the_alert().status == "open"
    before = next(each["before"] for each in the_alert().segments if each["channel"] == "mean")
    assert before == pytest.approx(0.87, abs=0.01)


def test_a_floor_that_was_accepted_does_not_alert_again(floor: Floor) -> None:
    send(floor, reports(lambda _: 0.8, start=ms("00:00", day=-1), until="10:00"))
    check("10:00")
    resolve("new_normal", ms("10:00"))
    send(floor, reports(lambda _: 0.8, start=ms("10:00"), day=1, until="16:00"))
    check("16:00", day=1)
    assert the_alert().status == "resolved"


def test_a_floor_that_was_mended_in_vain_alerts_again(floor: Floor) -> None:
    send(floor, reports(lambda _: 0.8, start=ms("00:00", day=-1), until="10:00"))
    check("10:00")
    resolve("fixed", ms("10:00"))
    send(floor, reports(lambda _: 0.8, start=ms("10:00"), day=1, until="16:00"))
    check("16:00", day=1)
    assert the_alert().status == "open"


def test_asking_for_a_training_freezes_what_was_reviewed_and_is_not_told_again(
    alerted: Floor,
) -> None:
    resolve("retraining_requested", ms("12:05"))
    assert RetrainingExport.objects.get().alert == the_alert()
    goes_on(alerted, 0.6)
    assert the_alert().status == "resolved"


def test_a_model_replaced_under_the_same_name_is_learnt_anew(alerted: Floor) -> None:
    resolve("model_replaced", ms("12:05"))
    goes_on(alerted, 0.87)
    assert the_alert().status == "resolved"


def test_an_evaluation_under_way_does_not_override_a_decision(
    alerted: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has read what was there before, so it does not count, and is made again."""
    read = buckets.rows_of

    def decide_then_read(*args: Any, **more: Any) -> Any:
        monkeypatch.undo()
        resolve("fixed", ms("12:05"))
        return read(*args, **more)

    send(alerted, reports(lambda _: 0.93, start=ms("12:00"), day=1, until="10:00"))
    monkeypatch.setattr(buckets, "rows_of", decide_then_read)
    check("10:00", day=1)
    assert the_alert().resolution == "fixed"
    assert "1 cameras evaluated" in check("10:00", day=1)


def test_resolving_is_told(floor: Floor) -> None:
    Recipient.objects.create(site=floor.site, address="crew@example.com")
    send(floor, reports(falls("08:00"), until="12:00"))
    check("12:00")
    resolve("fixed", ms("12:05"), "Lens cleaned")
    message = OutboxMessage.objects.order_by("pk").last()
    assert message.subject.startswith("Resolved: C1")
    assert "Lens cleaned" in message.text


# --- maintenance ---------------------------------------------------------------------------------


def maintain(floor: Floor, start: int, end: int) -> MaintenanceWindow:
    window = MaintenanceWindow(
        camera=floor.cameras["C1"],
        starts_at=to_datetime(start),
        ends_at=to_datetime(end),
        reason="Lens",
    )
    maintenance.save(window)
    return window


def test_nothing_opens_while_somebody_works_at_the_camera(floor: Floor) -> None:
    maintain(floor, ms("09:00"), ms("16:00"))
    send(floor, reports(falls("10:00")))
    check("15:00")
    assert not found()


def test_what_still_strays_after_maintenance_opens_with_its_end(floor: Floor) -> None:
    maintain(floor, ms("09:00"), ms("13:30"))
    send(floor, reports(falls("10:00")))
    check()
    opened = the_alert().transitions.get(kind="opened")
    assert to_ms(opened.at) == ms("13:30")
    assert to_ms(the_alert().onset_at) == ms("10:00")


def test_a_window_entered_afterwards_withdraws_what_it_explains(floor: Floor) -> None:
    send(floor, reports(falls("10:00", until=ms("12:00"))))
    check()
    assert the_alert().status == "open"
    window = maintain(floor, ms("09:00"), ms("00:00", day=2))
    check()
    assert the_alert().resolution == "withdrawn"
    maintenance.delete(window)
    check()
    assert the_alert().status == "open"


# --- rules ---------------------------------------------------------------------------------------


def test_a_camera_may_have_a_floor_of_its_own(floor: Floor) -> None:
    own = WatchRules(site=floor.site, camera=floor.cameras["C1"], floor=Decimal("0.75"))
    rules.change(own, by=None, now_ms=ms("00:00", day=-2))
    for camera, worker in (("C1", "W1"), ("C2", "W2")):
        low = reports(lambda _: 0.8, start=ms("00:00", day=-1), camera=camera, worker_id=worker)
        send(floor, low)
    check()
    assert [each[0] for each in found()] == ["C2"]


def test_a_floor_raised_on_the_sites_page_counts_from_then_on(floor: Floor) -> None:
    """What lay above the old floor before is not alerted afterwards."""
    send(floor, reports(lambda _: 0.87, start=ms("00:00", day=-1), until="20:00", day=-1))
    check("20:00", day=-1)
    floor.site.drift_floor = Decimal("0.900")
    floor.site.save()
    check("20:00", day=-1)
    assert not found()


def test_the_quiet_preset_needs_more(floor: Floor) -> None:
    send(floor, reports(falls("10:00", 0.88)))
    rules.change(WatchRules(site=floor.site, preset="quiet"), by=None, now_ms=ms("00:00", day=-2))
    check("14:00")
    assert not found()
    check()
    assert the_alert().status == "open"


def test_a_fall_smaller_than_the_least_is_not_told(floor: Floor) -> None:
    send(floor, reports(falls("06:00", 0.89)))
    gate = WatchRules(site=floor.site, least_shift=Decimal("0.060"))
    rules.change(gate, by=None, now_ms=ms("00:00", day=-2))
    check()
    assert not found()
