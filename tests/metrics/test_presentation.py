"""Answers become words: rounded once, with units, in the site's time, honest about gaps."""

from typing import Any

import pytest

from metrics.shown import overview
from metrics.shown.attention import MOST_ATTENTION
from metrics.shown.links import Links
from metrics.shown.overview import present_series
from metrics.shown.wording import amount, duration, percent, spent
from tests.metrics import answers

Json = dict[str, Any]

LINKS = Links("/sites/F1/", "?period=shift")


def present(answer: Json) -> Json:
    return overview.present(answer, LINKS)


@pytest.mark.parametrize(
    "value, text",
    [
        (None, "–"),
        (0, "0.0 %"),
        (60.0, "60.0 %"),
        (62.25, "62.2 %"),  # half to even
        (62.75, "62.8 %"),
        (0.05, "0.0 %"),
        (99.95, "100.0 %"),
        (1_234.56, "1,234.6 %"),
    ],
)
def test_a_percentage_has_one_decimal(value: float | None, text: str) -> None:
    assert _plain(percent(value)) == text


@pytest.mark.parametrize("value, text", [(None, "–"), (0, "0"), (1_234_567, "1,234,567")])
def test_an_amount_has_its_thousands_separated(value: int | None, text: str) -> None:
    assert amount(value) == text


@pytest.mark.parametrize(
    "seconds, text",
    [
        (-3, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (7_500, "2 h 05 min"),
        (86_399, "23 h 59 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_says_no_more_digits_than_matter(seconds: float, text: str) -> None:
    assert _plain(duration(seconds)) == text


@pytest.mark.parametrize(
    "milliseconds, text",
    [(0, "0 s"), (7_500_000, "2 h 05 min"), (86_400_000, "24 h"), (4_335_000_000, "1,204 h")],
)
def test_time_worked_is_told_in_hours(milliseconds: int, text: str) -> None:
    assert _plain(spent(milliseconds)) == text


@pytest.mark.parametrize(
    "start, end, text",
    [
        ("2026-06-16T04:00:00Z", "2026-06-16T08:30:00Z", "Tue 16 Jun 2026, 06:00–10:30"),
        ("2026-06-15T22:00:00Z", "2026-06-16T22:00:00Z", "Tue 16 Jun 2026"),
        ("2026-06-09T22:00:00Z", "2026-06-16T22:00:00Z", "Wed 10 Jun 2026 – Tue 16 Jun 2026"),
        (
            "2026-06-15T20:00:00Z",
            "2026-06-16T04:00:00Z",
            "Mon 15 Jun 2026 22:00 – Tue 16 Jun 2026 06:00",
        ),
        # 25 hours: the day on which the clocks go back
        ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "Sun 25 Oct 2026"),
    ],
)
def test_a_window_is_told_in_the_sites_time(start: str, end: str, text: str) -> None:
    shown = present(answers.overview(start=start, end=end, as_of=end, shift_names=[]))
    assert shown["caption"] == text


def test_two_shifts_at_once_are_both_named() -> None:
    shown = present(answers.overview(shift_names=["Early", "Office"]))
    assert shown["caption"].startswith("Early + Office shift · ")


@pytest.mark.parametrize(
    "state, until, names, text",
    [
        ("shift", "2026-06-16T12:00:00Z", ["Early"], "Early shift until 14:00"),
        ("break", "2026-06-16T08:45:00Z", ["Early"], "Break until 10:45"),
        ("closed", "2026-06-17T04:00:00Z", [], "Closed until 06:00"),
        ("closed", "2026-06-22T04:00:00Z", [], "Closed until Mon 22 Jun 06:00"),
        ("closed", None, [], "Closed: no shift is planned"),
        ("break", None, ["Early"], "Break until –"),
        ("always", None, [], "No shifts are set: all time counts"),
    ],
)
def test_the_schedule_is_told(state: str, until: str | None, names: list[str], text: str) -> None:
    schedule = {"state": state, "until": until, "shift_names": names}
    assert present(answers.overview(schedule=schedule))["schedule"] == text


@pytest.mark.parametrize("threshold, text", [(0.6, "0.60"), (0.625, "0.625")])
def test_events_that_wait_for_a_reviewer_are_told_of(threshold: float, text: str) -> None:
    told = f"Events less sure than {text} count once a reviewer has confirmed them"
    assert present(answers.overview(least_confidence=threshold))["waiting"] == told


def test_where_all_events_count_nothing_is_said_of_it() -> None:
    assert present(answers.overview())["waiting"] == ""


def test_a_period_that_is_over_says_nothing_about_now() -> None:
    shown = present(answers.overview(reaches_now=False))
    assert shown["schedule"] == shown["moment"] == ""
    assert shown["figures"]["present"]["value"] == "–"


@pytest.mark.parametrize(
    "reaches_now, newest, lasting",
    [(True, "newest event 30 min ago", "30 min"), (False, "newest event 10:00", "")],
)
def test_ages_are_told_of_what_goes_on(reaches_now: bool, newest: str, lasting: str) -> None:
    factory = answers.factory(newest_event_at="2026-06-16T08:00:00Z")
    shown = _plainly(
        present(
            answers.overview(reaches_now=reaches_now, factory=factory, workers=[answers.worker()])
        )
    )
    assert shown["figures"]["units"]["newest"] == newest
    assert shown["workers"][0]["lasting"] == lasting


@pytest.mark.parametrize(
    "item, text",
    [
        (
            answers.attention("not_seen", since="2026-06-16T08:00:00Z"),
            "S1 not seen since 10:00",
        ),
        (
            answers.attention("not_seen", since="2026-06-13T08:00:00Z"),
            "S1 not seen since Sat 13 Jun 10:00",
        ),
        (answers.attention("not_seen"), "S1 not seen"),
        (answers.attention("empty", since="2026-06-16T08:00:00Z"), "S1 empty since 10:00"),
        (answers.attention("empty"), "S1 empty"),
    ],
)
def test_what_needs_attention_is_told(item: Json, text: str) -> None:
    assert present(answers.overview(attention=[item]))["attention"][0]["text"] == text


@pytest.mark.parametrize(
    "code, path",
    [
        ("S1", "S1"),
        ("Säge 1/2 <x>", "S%C3%A4ge%201%252F2%20%3Cx%3E"),
        ("50%", "50%2525"),
        ("a'b*(c)!~", "a'b*(c)!~"),
    ],
)
def test_an_attention_link_leads_to_the_workstation_whatever_its_code_is(
    code: str, path: str
) -> None:
    shown = present(answers.overview(attention=[answers.attention("empty", code)]))
    assert shown["attention"][0]["href"] == f"/sites/F1/workstations/{path}/?period=shift"


def test_the_line_holds_so_much_and_counts_the_rest() -> None:
    attention = [answers.attention("empty", f"S{n}") for n in range(MOST_ATTENTION + 3)]
    shown = present(answers.overview(attention=attention))
    assert len(shown["attention"]) == MOST_ATTENTION
    assert shown["more_attention"] == "and 3 more"


def test_when_all_is_well_it_says_so() -> None:
    assert present(answers.overview())["well"] == "Nothing needs attention"


def test_units_are_told_against_their_target() -> None:
    units = _figures(
        units=1_200, units_with_target=1_200, target_units=1_600.0, target_attainment_pct=75.0
    )["units"]
    assert units["value"] == "1,200"
    assert units["note"] == "75.0 % of 1,600 planned until 10:30"
    assert units["extra"] == ""


@pytest.mark.parametrize("n, text", [(1, "1 unit outside shifts"), (12, "12 units outside shifts")])
def test_units_outside_shifts_are_told(n: int, text: str) -> None:
    assert _figures(units_unscheduled=n)["units"]["extra"] == text


def test_the_formula_by_events_stands_beneath_utilization() -> None:
    shown = _figures(utilization_pct=80.04, utilization_event_pct=60.0)["utilization"]
    assert (shown["value"], shown["note"]) == ("80.0 %", "by events 60.0 %")


def test_in_a_break_nobody_is_present_of_nobody() -> None:
    shown = _figures(workers_present=2, workers_scheduled=0)["present"]
    assert (shown["value"], shown["of"]) == ("2", "")
    assert shown["note"] == "seen working or idle; nobody has a shift now"


def test_coverage_is_told_in_words() -> None:
    shown = _figures(coverage_pct=92.3, unknown_ms=23_400_000, scheduled_ms=304_000_000)["coverage"]
    assert " ".join((shown["lead"], shown["value"], shown["of"])) == "seen 92 % of the shift"
    assert shown["note"] == "6 h 30 min of 84 h unknown, all workers together"


@pytest.mark.parametrize(
    "coverage, reason",
    [
        (100.0, ""),
        (80.0, ""),
        (79.99, "uncertain: less than 80 % was seen"),
        (0.0, "no worker was seen"),
    ],
)
def test_a_figure_of_which_little_was_seen_is_greyed_with_the_reason(
    coverage: float, reason: str
) -> None:
    shown = _figures(coverage_pct=coverage, utilization_pct=50.0, scheduled_ms=1, unknown_ms=1)
    assert shown["utilization"]["reason"] == shown["units"]["reason"] == reason
    assert bool(shown["utilization"]["partial"]) == bool(reason)


def test_without_data_a_figure_is_a_dash_with_the_reason() -> None:
    shown = _figures()
    assert shown["utilization"]["value"] == shown["coverage"]["value"] == "–"
    assert shown["utilization"]["reason"] == "nothing was scheduled"


def test_the_bottleneck_is_told_with_its_evidence() -> None:
    stations = [answers.workstation("S1"), answers.workstation("S2")]
    worst = answers.bottleneck("S2")
    shown = present(answers.overview(workstations=stations, bottleneck=worst, bottlenecks=[worst]))[
        "workstations"
    ]
    assert [row["key"] for row in shown] == ["S2", "S1"]  # furthest behind first
    assert shown[1]["bottleneck"] == ""
    told = "bottleneck: 40.0 % of target, somebody there 80.2 %, working –"
    assert _plain(shown[0]["bottleneck"]) == told


def test_where_recognition_is_less_sure_the_row_says_since_when() -> None:
    stations = [
        answers.workstation("S1"),
        answers.workstation("S2", less_sure_since="2026-06-16T07:15:00Z"),
    ]
    shown = present(answers.overview(workstations=stations))["workstations"]
    assert [row["less_sure"] for row in shown] == ["", "recognition less sure since 09:15"]


def test_who_is_at_a_workstation_has_the_name_that_the_site_shows() -> None:
    shown = present(
        answers.overview(
            workers=[answers.worker("W1", name="Ada"), answers.worker("W2")],
            workstations=[answers.workstation(worker_ids=["W1", "W2"])],
        )
    )
    assert shown["workstations"][0]["who"] == "Ada, W2"
    assert [worker["name"] for worker in shown["workers"]] == ["Ada", ""]


@pytest.mark.parametrize(
    "shift_names, state, reason",
    [
        ([], "shift", "no shift named: counted in all shifts"),
        (["Early"], "shift", ""),
        ([], "always", ""),
    ],
)
def test_a_worker_without_a_shift_is_told_as_the_reason_of_low_coverage(
    shift_names: list[str], state: str, reason: str
) -> None:
    worker = answers.worker(coverage_pct=40.0, shift_names=shift_names)
    schedule: Json = {"state": state, "until": None, "shift_names": []}
    shown = present(answers.overview(workers=[worker], schedule=schedule))["workers"][0]
    assert (shown["partial"], shown["reason"]) == ("true", reason)


def test_a_worker_who_is_anonymous_is_told_apart() -> None:
    worker = answers.worker(anonymous=True)
    shown = present(answers.overview(workers=[worker]))["workers"][0]
    assert shown["reason"] == "nobody in particular: in no figure about workers"


def test_an_absent_workstation_is_called_empty() -> None:
    shown = present(answers.overview(workstations=[answers.workstation(state="absent")]))
    assert shown["workstations"][0]["word"] == "empty"


def test_buckets_are_told_in_the_sites_time() -> None:
    bucket = {**answers.KPIS, "start": "2026-06-16T04:00:00Z", "end": "2026-06-16T04:05:00Z"}
    rows = present_series([bucket], as_of="2026-06-16T08:00:00Z", time_zone="Europe/Berlin")
    assert (rows[0]["time"], rows[0]["utilization"], rows[0]["units"]) == ("06:00", "–", "0")


def _figures(**factory: Any) -> Json:
    figures: Json = present(answers.overview(factory=answers.factory(**factory)))["figures"]
    return _plainly(figures)


def _under_target(code: str, attainment: float) -> Json:
    return answers.attention("under_target", code, target_attainment_pct=attainment)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _plainly(value: Any) -> Any:
    """The same with spaces that may break."""
    if isinstance(value, dict):
        return {name: _plainly(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plainly(part) for part in value]
    return _plain(value)
