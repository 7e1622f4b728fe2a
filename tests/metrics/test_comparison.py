"""What the overview is compared with, and to whom that is told."""

import pytest

from tests.floor import Floor, Json, at, count, event
from workers.models import Role

DAYS = {"start": at("00:00", day=1), "end": at("15:00", day=1)}


@pytest.fixture
def two_days(floor: Floor) -> Floor:
    """W1 works at S1 on both days, faster on the second; W2 at S2 on the second alone."""
    floor.put(
        event("08:00"),
        count("09:00", 10),
        event("10:00", kind="idle"),
        event("12:00", kind="absent"),
        event(at("08:00", day=1)),
        count(at("09:00", day=1), 30),
        event(at("12:00", day=1), kind="absent"),
        event(at("08:00", day=1), "W2", "S2"),
        event(at("12:00", day=1), "W2", "S2", "absent"),
    )
    return floor


def compared(floor: Floor, what: str = "before", **more: str) -> Json:
    answer: Json = floor.figures("overview", compare=what, **DAYS, **more)[what]
    return answer


def test_it_is_told_only_to_who_asks(two_days: Floor) -> None:
    assert not {"before", "pooled"} & two_days.figures("overview", **DAYS).keys()


def test_before_has_the_factory_s_figures(two_days: Floor) -> None:
    factory = compared(two_days)["factory"]
    assert (factory["units"], factory["utilization_pct"]) == (10, pytest.approx(100 * 2 / 7))


def test_before_has_the_workers_who_were_seen(two_days: Floor) -> None:
    assert compared(two_days)["workers"] == [
        {
            "worker_id": "W1",
            "scheduled_ms": 15 * 3_600_000,
            "utilization_pct": pytest.approx(100 * 2 / 7),
            "coverage_pct": pytest.approx(100 * 7 / 15),
            "units": 10,
            "units_per_hour": 2.5,
        }
    ]


def test_before_has_the_workstations_where_something_was_seen(two_days: Floor) -> None:
    (station,) = compared(two_days)["workstations"]
    assert (station["workstation_id"], station["units"]) == ("S1", 10)
    assert station["occupancy_pct"] == pytest.approx(100 * 4 / 15)
    assert station["target_attainment_pct"] == pytest.approx(100 * 10 / 150)


def test_before_is_of_whom_the_question_is_about(two_days: Floor) -> None:
    assert compared(two_days, worker_id="W1")["factory"]["units"] == 10
    answer = two_days.figures("overview", compare="before", **DAYS, worker_id="W2")
    assert answer["before"] is None
    assert [
        each["workstation_id"] for each in compared(two_days, workstation_id="S1")["workstations"]
    ] == ["S1"]


def test_pooled_is_of_all_whomever_the_question_is_about(two_days: Floor) -> None:
    everyone = two_days.factory(**DAYS)
    for narrowed in ({}, {"worker_id": "W2"}, {"workstation_id": "S1"}):
        found = compared(two_days, "pooled", **narrowed)
        assert found.items() <= everyone.items()
        assert found["units"] == 30


def test_both_at_once(two_days: Floor) -> None:
    answer = two_days.figures("overview", compare="before,pooled", worker_id="W1", **DAYS)
    assert (answer["before"]["factory"]["units"], answer["pooled"]["units"]) == (10, 30)


def test_a_comparison_that_does_not_exist_is_400(two_days: Floor) -> None:
    response = two_days.ask("overview", compare="before,neighbours", **DAYS)
    assert response.status_code == 400
    assert "neighbours" in response.json()["fields"]["compare"][0]


def test_viewer_is_told_of_no_worker_before(two_days: Floor) -> None:
    two_days.add_member("vera", Role.VIEWER)
    assert "workers" not in compared(two_days, by="vera")


def test_comparison_is_another_answer_with_another_tag(two_days: Floor) -> None:
    tag = two_days.ask("overview", **DAYS).headers["ETag"]
    assert two_days.ask("overview", compare="before", **DAYS).headers["ETag"] != tag


# --- bottlenecks ---------------------------------------------------------------------------------


def test_bottlenecks_come_furthest_behind_first_with_what_is_missing(two_days: Floor) -> None:
    two_days.put(count(at("11:00", day=1), 6, worker="W2", station="S2"))
    found = two_days.figures("overview", **DAYS)["bottlenecks"]
    assert [(each["workstation_id"], each["units_missing"]) for each in found] == [
        ("S2", 144.0),
        ("S1", 120.0),
    ]


def test_what_is_missing_is_split_into_its_reasons(two_days: Floor) -> None:
    worst = two_days.figures("overview", **DAYS)["bottleneck"]
    assert worst["lost_empty_pct"] == pytest.approx(100 * 11 / 15)
    assert worst["lost_waiting_pct"] == pytest.approx(0)
    assert worst["lost_pace_pct"] == pytest.approx(100 * 4 / 15 - 20)
    assert worst["reason"] == "empty"


# --- sites ---------------------------------------------------------------------------------------


def test_sites_have_a_record_each(two_days: Floor) -> None:
    two_days.client.force_authenticate(two_days.manager)
    other = Floor("A2", zone="America/New_York")
    other.put(event(at("08:00", day=1)))
    two_days.manager.memberships.get(site=other.site)
    results = two_days.client.get("/api/v1/metrics/sites/", DAYS).json()["results"]
    assert [(each["site"], each["time_zone"], each["units"]) for each in results] == [
        ("A2", "America/New_York", 0),
        ("F1", "UTC", 30),
    ]


def test_sites_of_others_are_not_among_them(two_days: Floor) -> None:
    other = Floor("A2")
    other.manager.memberships.filter(site=other.site).delete()
    two_days.client.force_authenticate(two_days.manager)
    results = two_days.client.get("/api/v1/metrics/sites/", DAYS).json()["results"]
    assert [each["site"] for each in results] == ["F1"]


def test_sites_in_a_wrong_window_are_400(two_days: Floor) -> None:
    two_days.client.force_authenticate(two_days.manager)
    assert two_days.client.get("/api/v1/metrics/sites/", {"period": "ever"}).status_code == 400


def test_sites_leave_as_a_table(two_days: Floor) -> None:
    two_days.client.force_authenticate(two_days.manager)
    response = two_days.client.get("/api/v1/metrics/sites/", {**DAYS, "format": "csv"})
    heading, row = response.content.decode("utf-8-sig").splitlines()
    assert heading.startswith("site,name,start")
    assert row.startswith("F1,Floor F1,")
