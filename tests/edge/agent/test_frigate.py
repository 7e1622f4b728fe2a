"""What Frigate tells of people in zones becomes what workers do at workstations."""

import json
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from edge.agent.frigate import Frigate
from edge.agent.frigate_map import FrigateMap, MapError, frigate_map
from edge.agent.settings import _file
from tests.edge.agent.agents import ROOT

HERE = Path(__file__).parent
EXAMPLE = ROOT / "edge" / "agent" / "examples" / "frigate.ini"
RECORDED = [
    json.loads(line) for line in (HERE / "frigate_messages.ndjson").read_text().splitlines()
]
BEGAN = 1_768_467_600.123456  # 2026-01-15 09:00:00.123 UTC, 10:00 in Berlin

Said = tuple[float, str, str, str]


def mapped(text: str = "") -> FrigateMap:
    file = ConfigParser(interpolation=None)
    file.optionxform = str
    file.read_string(text) if text else file.read(EXAMPLE)
    found = frigate_map(file)
    assert found is not None
    return found


@pytest.fixture
def frigate() -> Frigate:
    return Frigate(mapped())


def seen(
    at: float, *zones: str, who: str = "a", kind: str = "update", **more: Any
) -> dict[str, Any]:
    """A message, so many seconds after it began."""
    after = {
        "id": who,
        "camera": "line_1",
        "label": "person",
        "frame_time": BEGAN + at,
        "current_zones": list(zones),
        "score": 0.9,
        **more,
    }
    return {"type": kind, "before": {}, "after": after}


def told(frigate: Frigate, *messages: dict[str, Any]) -> list[Said]:
    """Seconds since it began, worker, workstation, state."""
    return [
        (
            float(each["timestamp"][14:16]) * 60 + float(each["timestamp"][17:19]),
            each["worker_id"],
            each["workstation_id"],
            each["event_type"],
        )
        for message in messages
        for each in frigate.events_of(message)
    ]


def test_recorded_messages_are_the_work_that_was_done(frigate: Frigate) -> None:
    assert told(frigate, *RECORDED) == [
        (2, "W1", "S1", "working"),
        (40, "W1", "S1", "working"),  # keeps still, which is work there
        (60, "anon-bench_2", "S2", "working"),
        (120, "anon-bench_2", "S2", "idle"),
        (180, "anon-bench_2", "S2", "absent"),
        (180, "W2", "S2", "working"),  # Eve's face was recognised
        (300, "W1", "S1", "absent"),
        (400, "W2", "S2", "absent"),
    ]


def test_time_is_that_of_the_frame_in_milliseconds(frigate: Frigate) -> None:
    (event,) = frigate.events_of(seen(2, "bench_1"))
    assert event["timestamp"] == "2026-01-15T09:00:02.123Z"


def test_confidence_is_that_of_the_frame(frigate: Frigate) -> None:
    (event,) = frigate.events_of(seen(2, "bench_1", score=0.87890625))
    assert event["confidence"] == 0.8789


def test_camera_is_ours(frigate: Frigate) -> None:
    (event,) = frigate.events_of(seen(2, "bench_1"))
    assert event["camera_id"] == "CAM-1"


def test_shift_says_who_it_is(frigate: Frigate) -> None:
    evening = 8.5 * 3600  # 18:30 in Berlin
    assert [each["worker_id"] for each in frigate.events_of(seen(evening, "bench_1"))] == ["W7"]


def test_fixed_worker_is_there_when_no_shift_is() -> None:
    frigate = Frigate(
        mapped(
            "[frigate]\n[frigate camera line_1]\ncamera = CAM-1\n"
            "[frigate zone line_1/bench_1]\nworkstation = S1\nworker = W9\nshifts = 01:00-02:00 W1"
        )
    )
    assert told(frigate, seen(0, "bench_1")) == [(0, "W9", "S1", "working")]


def test_face_comes_before_the_shift(frigate: Frigate) -> None:
    assert told(frigate, seen(0, "bench_1", sub_label=["Eve", 0.8])) == [(0, "W2", "S1", "working")]


def test_face_may_be_a_plain_name(frigate: Frigate) -> None:
    assert told(frigate, seen(0, "bench_1", sub_label="Eve")) == [(0, "W2", "S1", "working")]


def test_unknown_face_changes_nothing(frigate: Frigate) -> None:
    assert told(frigate, seen(0, "bench_1", sub_label=["Bob", 0.8])) == [(0, "W1", "S1", "working")]


def test_face_is_remembered(frigate: Frigate) -> None:
    known = seen(0, "bench_2", sub_label=["Eve", 0.8])
    assert told(frigate, known, seen(9, "bench_2"))[-1] == (9, "W2", "S2", "working")


def test_face_that_is_told_apart_counts_at_once(frigate: Frigate) -> None:
    frigate.events_of(seen(0, "bench_2"))
    face = {"type": "face", "id": "a", "name": "Eve", "score": 0.95, "camera": "line_1"}
    events = frigate.events_of_face(face)
    assert [(each["worker_id"], each["event_type"]) for each in events] == [
        ("anon-bench_2", "absent"),
        ("W2", "working"),
    ]


def test_same_state_is_not_told_with_every_frame(frigate: Frigate) -> None:
    messages = [seen(n, "bench_1") for n in range(12)]
    assert [at for at, *_ in told(frigate, *messages)] == [0, 5, 10]


def test_move_from_bench_to_bench_is_no_absence(frigate: Frigate) -> None:
    eve = {"sub_label": ["Eve", 0.9]}
    assert told(frigate, seen(0, "bench_1", **eve), seen(3, "bench_2", **eve)) == [
        (0, "W2", "S1", "working"),
        (3, "W2", "S2", "working"),
    ]


def test_one_of_two_who_leaves_leaves_the_other_there(frigate: Frigate) -> None:
    messages = [seen(0, "bench_1"), seen(1, "bench_1", who="b"), seen(2), seen(8, who="b")]
    assert told(frigate, *messages) == [(0, "W1", "S1", "working"), (8, "W1", "S1", "absent")]


def test_somebody_who_works_beside_one_who_waits_is_at_work(frigate: Frigate) -> None:
    messages = [
        seen(0, "bench_2", stationary=True),
        seen(9, "bench_2", who="b"),
        seen(20, kind="end", who="b"),
        seen(30, "bench_2", stationary=True),
    ]
    assert told(frigate, *messages) == [
        (0, "anon-bench_2", "S2", "idle"),
        (9, "anon-bench_2", "S2", "working"),
        (30, "anon-bench_2", "S2", "idle"),
    ]


def test_person_outside_of_all_zones_is_nobody_s_business(frigate: Frigate) -> None:
    assert told(frigate, seen(0), seen(1, "gangway"), seen(2, kind="end")) == []


def test_first_zone_of_the_file_counts(frigate: Frigate) -> None:
    assert told(frigate, seen(0, "bench_2", "bench_1"))[0][2] == "S1"


@pytest.mark.parametrize(
    "more", [{"label": "car"}, {"camera": "yard"}, {"false_positive": True}], ids=str
)
def test_other_things_are_ignored(frigate: Frigate, more: dict[str, Any]) -> None:
    assert frigate.events_of(seen(0, "bench_1", **more)) == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"after": None},
        {"after": {"id": 7}},
        seen(0, "bench_1", frame_time=None),
        seen(0, "bench_1", frame_time="soon"),
    ],
    ids=str,
)
def test_message_that_makes_no_sense_is_an_error(frigate: Frigate, message: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Expected"):
        frigate.events_of(message)


def test_frigate_that_stops_says_nothing_of_anybody(frigate: Frigate) -> None:
    frigate.events_of(seen(0, "bench_1"))
    frigate.lost()
    assert told(frigate, seen(3, kind="end")) == []


@pytest.mark.parametrize(
    "stats",
    [
        {"cameras": {"line_1": {"camera_fps": 5.1}, "yard": {"camera_fps": 5.0}}},
        {"line_1": {"camera_fps": 5.1}, "service": {"uptime": 7}},
    ],
)
def test_stats_tell_which_cameras_live(frigate: Frigate, stats: dict[str, Any]) -> None:
    assert frigate.living(stats) == ["CAM-1"]


@pytest.mark.parametrize("stats", [{}, {"cameras": 7}, {"cameras": {"line_1": {"camera_fps": 0}}}])
def test_camera_without_pictures_does_not_live(frigate: Frigate, stats: dict[str, Any]) -> None:
    assert frigate.living(stats) == []


def test_people_are_not_remembered_without_end(frigate: Frigate) -> None:
    for n in range(1_200):
        frigate.events_of(seen(n, "bench_1", who=f"p{n}"))
    assert len(frigate._people) == 1_000


CAMERA = "[frigate]\n[frigate camera line_1]\ncamera = CAM-1\n"
ZONE = f"{CAMERA}[frigate zone line_1/b]\n"


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("[frigate]\n", r"needs a \[frigate camera NAME\]"),
        (CAMERA, "needs a"),
        ("[frigate]\nspeed = 3\n", "no setting 'speed'"),
        ("[frigate]\n[frigate zone x/b]\nworkstation = S1", "no .frigate camera …. of that name"),
        (ZONE, "workstation: a code"),
        (f"{ZONE}workstation = S1\nstationary = asleep", "one of working, idle"),
        (f"{ZONE}workstation = S1\nshifts = 6-14 W1", "is not like 06:00-14:00 W1"),
        (f"{ZONE}workstation = S1\nshifts = 06:00-14:00", "a code of 1 to 64"),
        (f"{CAMERA}time_zone = Moon/Base\n[frigate zone line_1/b]\nworkstation = S1", "no 'Moon"),
        (f"{ZONE}workstation = S1\n[frigate faces]\nEve =", "Eve: a code"),
    ],
    ids=str,
)
def test_wrong_map_is_said(text: str, complaint: str) -> None:
    with pytest.raises(MapError, match=complaint):
        mapped(text)


def test_file_without_frigate_is_fine() -> None:
    assert frigate_map(_file(EXAMPLE.with_name("agent.ini"))) is None
