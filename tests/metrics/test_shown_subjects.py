"""Workers, workstations and sites in words: rows, pages of one, bottlenecks, settings."""

from dataclasses import replace
from typing import Any

import pytest

from metrics.shown import sites, worker, workers, workstation, workstations
from metrics.shown.links import Links
from metrics.shown.methods import facts
from tests.floor import Floor
from tests.metrics import answers
from workers.models import Site
from workers.queries import master_data

Json = dict[str, Any]
LINKS = Links("/sites/F%252F1/", "?period=shift")
HOUR = 3_600_000


def plainly(view: Any) -> Any:
    if isinstance(view, dict):
        return {name: plainly(part) for name, part in view.items()}
    if isinstance(view, list):
        return [plainly(part) for part in view]
    return view.replace("\u00a0", " ")


# --- workers --------------------------------------------------------------------------------------


def test_a_worker_stands_against_their_own_past_and_all_together() -> None:
    answer = answers.overview(
        factory=answers.factory(utilization_pct=70.0, units_per_hour=40.0),
        workers=[answers.worker("W1", utilization_pct=75.5, units_per_hour=30.0)],
        before=answers.before(
            workers=[answers.worker_before("W1", utilization_pct=80.0, units_per_hour=28.5)]
        ),
    )
    row = workers.present(answer, LINKS)["workers"][0]
    assert (row["utilization_change"], row["utilization_all"]) == ("−4.5", "+5.5")
    assert (row["rate_change"], row["rate_all"]) == ("+1.5", "−10.0")


@pytest.mark.parametrize("coverage, marked", [(100.0, ""), (79.0, "true"), (None, "true")])
def test_a_past_of_which_little_was_seen_is_marked(coverage: float | None, marked: str) -> None:
    before = answers.before(workers=[answers.worker_before("W1", coverage_pct=coverage)])
    answer = answers.overview(workers=[answers.worker("W1")], before=before)
    assert workers.present(answer, LINKS)["workers"][0]["then_partial"] == marked


def test_a_worker_s_scheduled_time_is_told_in_parts() -> None:
    spent = {"working_ms": 2 * HOUR, "idle_ms": HOUR, "absent_ms": 0, "unknown_ms": HOUR}
    answer = answers.overview(factory=answers.factory(scheduled_ms=4 * HOUR, **spent))
    shares = plainly(worker.present(answer, LINKS)["shares"])
    assert shares["working"] == {
        "time": "2 h 00 min",
        "share": "50.0 %",
        "x": "0.0",
        "width": "50.0",
    }
    assert shares["idle"]["x"] == "50.0"
    assert shares["unknown"] == {
        "time": "1 h 00 min",
        "share": "25.0 %",
        "x": "75.0",
        "width": "25.0",
    }


def test_only_workstations_at_which_a_worker_was_are_told() -> None:
    stations = [
        answers.workstation("S1", working_ms=HOUR, units=12, units_per_hour=12.0),
        answers.workstation("S2"),
        answers.workstation("S3", absent_ms=1_000),
    ]
    places = plainly(worker.present(answers.overview(workstations=stations), LINKS)["places"])
    assert [place["key"] for place in places] == ["S1", "S3"]
    assert (places[0]["working"], places[0]["rate"]) == ("1 h 00 min", "12.0")


@pytest.mark.parametrize(
    "names, state, text",
    [
        (["Early", "Late"], "shift", "Early, Late shift"),
        ([], "shift", "no shift named: counted in all shifts"),
        ([], "always", ""),
    ],
)
def test_a_worker_s_shifts_are_told(names: list[str], state: str, text: str) -> None:
    schedule: Json = {"state": state, "until": None, "shift_names": []}
    answer = answers.overview(workers=[answers.worker(shift_names=names)], schedule=schedule)
    assert worker.present(answer, LINKS)["shifts"] == text


def test_a_worker_who_was_not_at_the_site_then_has_no_state() -> None:
    view = worker.present(answers.overview(), LINKS)
    assert (view["word"], view["place_href"], view["since"]) == ("–", "", "")


@pytest.mark.parametrize(
    "unnamed, text",
    [
        (
            0,
            "What to do: see on the live floor which workstations are not seen, and look at",
        ),
        (1, "What to do: 1 worker has no shift named and is counted in all shifts."),
        (2, "What to do: 2 workers have no shift named and are counted in all shifts."),
    ],
)
def test_where_too_little_was_seen_it_is_said_what_to_do(unnamed: int, text: str) -> None:
    people = [answers.worker(f"W{n}", coverage_pct=40.0, shift_names=[]) for n in range(unnamed)]
    answer = answers.overview(workers=people, factory=answers.factory(coverage_pct=40.0))
    assert workers.present(answer, LINKS)["figures"]["utilization"]["remedy"].startswith(text)


def test_who_is_anonymous_needs_no_shift() -> None:
    stranger = answers.worker("anon-S1", coverage_pct=40.0, shift_names=[], anonymous=True)
    answer = answers.overview(workers=[stranger], factory=answers.factory(coverage_pct=40.0))
    remedy = workers.present(answer, LINKS)["figures"]["utilization"]["remedy"]
    assert "shift named" not in remedy


# --- workstations ---------------------------------------------------------------------------------


def test_a_bottleneck_has_its_evidence() -> None:
    answer = answers.overview(
        workstations=[answers.workstation("S/2", name="Saw")],
        bottlenecks=[answers.bottleneck("S/2")],
    )
    (row,) = plainly(workstations.present(answer, LINKS)["bottlenecks"])
    assert row["href"] == "/sites/F%252F1/workstations/S%252F2/?period=shift"
    assert (row["name"], row["attainment"], row["missing"]) == ("Saw", "40.0 %", "24 units missing")
    assert row["because"] == "mostly because work took longer than the target allows"
    assert (row["empty"], row["waiting"], row["pace"]) == (
        "19.8 points",
        "10.2 points",
        "30.0 points",
    )
    assert row["pace_word"] == "slower than the target"
    parts = [(row[f"{part}_x"], row[f"{part}_width"]) for part in ("pace", "waiting", "empty")]
    assert parts == [("40.0", "30.0"), ("70.0", "10.2"), ("80.2", "19.8")]


def test_a_faster_pace_has_made_good_a_part_of_what_was_lost() -> None:
    lost = {"lost_empty_pct": 12.0, "lost_waiting_pct": 43.0, "lost_pace_pct": -20.0}
    worst = answers.bottleneck("S1", target_attainment_pct=65.0, units_missing=1.2, **lost)
    answer = answers.overview(workstations=[answers.workstation("S1")], bottlenecks=[worst])
    (row,) = plainly(workstations.present(answer, LINKS)["bottlenecks"])
    assert (row["missing"], row["pace"], row["pace_word"]) == (
        "1 unit missing",
        "−20.0 points",
        "faster than the target",
    )
    parts = [(row[f"{part}_x"], row[f"{part}_width"]) for part in ("pace", "waiting", "empty")]
    assert parts == [("65.0", "0.0"), ("65.0", "23.0"), ("88.0", "12.0")]


def test_a_workstation_s_page_holds_it_against_its_target_and_before() -> None:
    station = answers.workstation(
        "S1",
        units=30,
        target_units=40.0,
        target_attainment_pct=75.0,
        occupancy_pct=90.0,
        availability_pct=80.0,
        scheduled_ms=4 * HOUR,
        working_ms=3 * HOUR,
        utilization_pct=88.0,
    )
    before = answers.workstation_before("S1", units=28, occupancy_pct=92.5, scheduled_ms=4 * HOUR)
    view = workstation.present(
        answers.overview(workstations=[station], before=answers.before(workstations=[before])),
        LINKS,
    )
    figures = plainly(view["figures"])
    assert figures["units"]["note"] == "75.0 % of 40 planned until 10:30"
    assert figures["units"]["delta"] == "2 more than yesterday"
    assert figures["occupancy"]["note"] == "somebody there, of 4 h 00 min scheduled"
    assert figures["occupancy"]["delta"] == "2.5 points below yesterday"
    assert figures["utilization"]["note"] == "working, of 3 h 00 min of people’s time there"
    assert (figures["units"]["band"], figures["units"]["seen"]) == ("", "")  # not of a workstation


def test_a_workstation_that_did_not_exist_then_has_no_figures() -> None:
    view = workstation.present(answers.overview(), LINKS)
    assert (view["word"], view["figures"]) == ("–", {})


# --- sites ----------------------------------------------------------------------------------------


def test_a_site_is_told_in_its_own_time() -> None:
    record = answers.site("A/2", name="Hall", time_zone="Asia/Tokyo", attention=1)
    (row,) = plainly(sites.present({"results": [record]}, LINKS)["sites"])
    assert row["href"] == "/sites/A%252F2/?period=shift"
    assert row["attention_href"] == "/sites/A%252F2/floor/?period=shift"
    assert (row["zone"], row["schedule"]) == ("17:30 in Asia/Tokyo", "Early shift until 21:00")
    assert row["attention"] == "1 workstation needs attention"


def test_a_site_of_which_nothing_was_seen_has_dashes() -> None:
    (row,) = sites.present({"results": [answers.site(attention=0)]}, LINKS)["sites"]
    assert (row["utilization"], row["newest"], row["mark"]) == ("–", "–", "-2")
    assert (row["attention"], row["attention_href"]) == ("Nothing needs attention", "")


def test_without_a_site_there_is_nothing_to_tell() -> None:
    assert sites.present({"results": []}, LINKS) == {"as_of": "", "sites": []}


# --- settings -------------------------------------------------------------------------------------


def test_methods_name_what_is_set_at_the_site(floor: Floor) -> None:
    floor.add_shift("Late", "14:00", "22:00", ("18:00", "18:30"))
    floor.cameras["C1"].state_ttl_s = 90
    floor.cameras["C1"].save()
    told = plainly(facts(master_data(Site.objects.get(pk=floor.site.pk))))
    assert told == {
        "shifts": ["Late: 14:00–22:00, breaks 18:00–18:30"],
        "holds": "90 s – 8 h 00 min",
        "threshold": "0.60",
        "waiting": "",
    }


def test_methods_of_a_site_without_cameras_have_a_dash(floor: Floor) -> None:
    assert facts(replace(master_data(floor.site), cameras={}))["holds"] == "–"
