"""A timeline as people read it: strips, the axis of the site's clock, spans in words."""

from typing import Any

import pytest

from metrics.shown.links import Links
from metrics.shown.strips import MOST_SPANS, present
from tests.floor import HOUR, MINUTE
from tests.metrics import answers

LINKS = Links("/sites/F1/", "?period=shift")
Json = dict[str, Any]


def told(zoom: tuple[int, int] | None = None, *, room: int = 8, **more: Any) -> Json:
    return present(answers.strips(**more), LINKS, zoom, room)


def span_of(*span: int, counts: list[list[int]] | None = None) -> Json:
    record = answers.strip(spans=[list(span)], counts=counts or [])
    return told(results=[record])["spans"][0]


# --- strips ---------------------------------------------------------------------------------------


def test_each_state_is_one_outline_in_seconds() -> None:
    spans = [[0, HOUR, 0, 0], [HOUR, 2 * HOUR, 1, 0], [2 * HOUR, 2 * HOUR + 1_500, 0, 0]]
    (strip,) = told(results=[answers.strip(spans=spans)])["strips"]
    assert strip["working"] == "M0 2h3600v14h-3600zM7200 2h1v14h-1z"
    assert strip["idle"] == "M3600 2h3600v14h-3600z"
    assert strip["absent"] == ""


def test_a_break_is_a_thin_line() -> None:
    (strip,) = told(results=[answers.strip(spans=[[HOUR, 2 * HOUR, 4, -1]])])["strips"]
    assert strip["break"] == "M3600 9h3600"


def test_a_tick_is_as_high_as_its_units() -> None:
    counts = [[0, 10, 0], [5 * MINUTE, 5, 0]]
    (strip,) = told(results=[answers.strip(counts=counts)])["strips"]
    assert strip["ticks"] == "M150 24v-7M450 24v-5"


def test_no_tick_lies_past_now() -> None:
    counts = [[4 * HOUR + 30 * MINUTE, 1, 0]]
    (strip,) = told(results=[answers.strip(counts=counts)])["strips"]
    assert strip["ticks"] == "M16205 24v-7"


def test_a_strip_is_summed_up_in_words() -> None:
    spans = [[0, HOUR, 0, 0], [HOUR, HOUR + MINUTE, 3, -1], [HOUR + MINUTE, 2 * HOUR, 0, 0]]
    (strip,) = told(results=[answers.strip(spans=spans)])["strips"]
    assert strip["summary"].replace("\u00a0", " ") == "working 1 h 59 min, not seen 1 min"


# --- spans in words -------------------------------------------------------------------------------


def test_a_span_tells_from_when_to_when_where_and_who_watches_today() -> None:
    row = span_of(HOUR, 2 * HOUR, 0, 0)
    assert (row["word"], row["from_to"], row["place"]) == ("working", "07:00–08:00", "S1")
    assert row["cameras"] == "watched by C1, C2, as assigned today"


def test_a_brief_span_is_told_to_the_second() -> None:
    assert span_of(HOUR, HOUR + 36_000, 1, 0)["from_to"] == "07:00:00–07:00:36"


def test_a_workstation_without_a_camera_says_so() -> None:
    assert span_of(0, HOUR, 0, 1)["cameras"] == "no camera is assigned to it today"


def test_a_gap_has_no_workstation() -> None:
    row = span_of(0, HOUR, 3, -1)
    assert (row["word"], row["place"], row["cameras"]) == ("not seen", "–", "")


def test_units_of_a_span_are_those_of_the_steps_that_it_meets() -> None:
    counts = [[0, 1, 0], [5 * MINUTE, 2, 0], [10 * MINUTE, 4, 0], [10 * MINUTE, 9, 1]]
    row = span_of(7 * MINUTE, 12 * MINUTE, 0, 0, counts=counts)
    assert row["units"] == "6 units from 06:05–06:15"


def test_a_long_table_says_how_much_more_there_is() -> None:
    spans = [[n * MINUTE, (n + 1) * MINUTE, n % 2, 0] for n in range(MOST_SPANS + 2)]
    view = told(results=[answers.strip(spans=spans)])
    assert len(view["spans"]) == MOST_SPANS
    assert view["more_spans"] == "And 2 more. Zoom in, or take all of them along."


def test_the_table_of_a_zoomed_timeline_has_what_is_shown() -> None:
    spans = [[n * HOUR, (n + 1) * HOUR, n % 2, 0] for n in range(4)]
    view = told((HOUR, 3 * HOUR), results=[answers.strip(spans=spans)])
    assert [row["from_to"] for row in view["spans"]] == ["07:00–08:00", "08:00–09:00"]
    assert (view["zoomed"], view["view_box"]) == ("Shown: 07:00–09:00", "3600 0 7200 24")


# --- the axis -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "room, labels",
    [
        (4, ["06:00", "08:00", "10:00", "12:00"]),
        (8, ["06:00", "07:00", "08:00", "09:00"]),
        (3, ["06:00", "09:00"]),
    ],
)
def test_marks_stand_on_round_times(room: int, labels: list[str]) -> None:
    ticks = told(room=room)["ticks"]
    assert [tick["label"] for tick in ticks][: len(labels)] == labels
    assert len(ticks) <= room


def test_a_mark_has_its_place_in_percent() -> None:
    assert told(room=8)["ticks"][1] == {"x": "12.50%", "label": "07:00"}


def test_a_shift_is_named_where_it_begins_or_the_axis_does() -> None:
    early = {"name": "Early", "start": "2026-06-16T02:00:00Z", "end": "2026-06-16T06:00:00Z"}
    assert told(shifts=[early])["borders"] == [
        {"x": "0.00%", "label": "Early"},
        {"x": "25.00%", "label": ""},
    ]


@pytest.mark.parametrize("reaches_now, place", [(True, "56.27%"), (False, "")])
def test_now_is_marked_where_it_is_shown(reaches_now: bool, place: str) -> None:
    assert told(reaches_now=reaches_now)["now"] == place


@pytest.mark.parametrize(
    "start, end, note, labels",
    [
        (
            "2026-10-24T22:00:00Z",
            "2026-10-25T04:00:00Z",
            "The clocks go back here, from 03:00 to 02:00: that time comes twice.",
            ["00:00", "01:00", "02:00", "02:00", "03:00", "04:00"],
        ),
        (
            "2026-03-28T23:00:00Z",
            "2026-03-29T04:00:00Z",
            "The clocks go forward here, from 02:00 to 03:00.",
            ["00:00", "01:00", "03:00", "04:00", "05:00"],
        ),
    ],
    ids=["back", "forward"],
)
def test_the_axis_follows_the_clock_on_the_wall(
    start: str, end: str, note: str, labels: list[str]
) -> None:
    view = told(start=start, axis_end=end, as_of=end, shifts=[])
    assert view["clock_note"] == note
    assert [tick["label"] for tick in view["ticks"]] == labels
