"""Plans as JSON files: what they may say, and what is refused with a clear word."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from edge.plan import Plan, PlanError, always_on
from edge.plan_check import check
from edge.plan_file import load_plans, parse_plan
from tests.edge.plans import camera, document_of, duty, pause, plan_of

README = Path(__file__).parents[2] / "edge" / "README.md"
DAY = duty("W1", "06:00", "18:00")


def without(name: str, document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


def parsed(document: Any, *, default_key: str = "") -> Plan:
    return check(parse_plan(document, default_key=default_key))


def test_plan_of_the_readme_can_be_loaded(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    file = tmp_path / "plan.json"
    file.write_text(example[1], encoding="utf-8")

    assert load_plans(file)[0].cameras[0].confidence_drift_per_hour == 0.02


def test_camera_without_a_key_takes_the_default() -> None:
    document = document_of(without("key", camera(1, DAY)), camera(2, duty("W2", "06:00", "18:00")))

    assert [one.key for one in parsed(document, default_key="gateway").cameras] == [
        "gateway",
        "secret",
    ]


def test_each_camera_may_have_its_own_key() -> None:
    plan = always_on(2, ["one", "two"])

    assert [(one.camera_id, one.key) for one in plan.cameras] == [
        ("CAM-1", "one"),
        ("CAM-2", "two"),
    ]


def test_one_key_serves_all_cameras() -> None:
    assert {one.key for one in always_on(3, ["gateway"]).cameras} == {"gateway"}


def test_two_workers_may_share_a_workstation() -> None:
    plan = plan_of(camera(1, DAY, duty("W2", "06:00", "18:00")))

    assert len(plan.cameras[0].rotation) == 2


def test_hours_of_one_worker_may_touch() -> None:
    plan = plan_of(camera(1, DAY), camera(2, duty("W1", "18:00", "06:00")))

    assert len(plan.cameras) == 2


@pytest.mark.parametrize(
    "document, complaint",
    [
        pytest.param([], "plan: an object is expected", id="not an object"),
        pytest.param(document_of(), "no cameras", id="no cameras"),
        pytest.param(document_of(camera(1, DAY) | {"kye": 1}), "unknown field kye", id="typo"),
        pytest.param(
            document_of(without("workstation_id", camera(1, DAY))),
            r"cameras\[0\].workstation_id: a text",
            id="no workstation",
        ),
        pytest.param(document_of(without("key", camera(1, DAY))), "CAM-1 has no key", id="no key"),
        pytest.param(
            document_of(camera(1, DAY) | {"key": "a\nb"}), "the key of CAM-1", id="key with a break"
        ),
        pytest.param(document_of(camera(1), camera(1)), "CAM-1 is planned twice", id="twice"),
        pytest.param(
            document_of(camera(1, duty("W1", "25:00", "18:00"))),
            r"cameras\[0\].rotation\[0\].start: \"25:00\"",
            id="25 o'clock",
        ),
        pytest.param(
            document_of(camera(1, DAY | {"weekdays": [0]})), "weekdays: numbers", id="weekday 0"
        ),
        pytest.param(
            document_of(camera(1, DAY, confidence_drift_per_hour="1")),
            "confidence_drift_per_hour: a number",
            id="drift as text",
        ),
        pytest.param(
            document_of(camera(1, DAY | {"breaks": [pause("17:50", "18:10")]})),
            "a break of W1 lies outside",
            id="break beyond the end",
        ),
        pytest.param(
            document_of(camera(1, DAY | {"breaks": [pause("06:00", "06:10")]})),
            "a break of W1 lies outside",
            id="break before any work",
        ),
        pytest.param(
            document_of(camera(1, DAY), camera(2, duty("W1", "17:59", "20:00"))),
            "W1 is planned at two places",
            id="two places",
        ),
        pytest.param(
            document_of(
                camera(1, duty("W1", "22:00", "06:00", weekdays=[7])),
                camera(2, duty("W1", "05:00", "07:00", weekdays=[1])),
            ),
            "W1 is planned at two places",
            id="two places across the end of the week",
        ),
        pytest.param(
            document_of(camera(1, DAY), time_zone="Mars/Olympus"),
            '"Mars/Olympus" is not known on this machine',
            id="unknown time zone",
        ),
    ],
)
def test_wrong_plan_is_refused_with_its_place(document: Any, complaint: str) -> None:
    with pytest.raises(PlanError, match=complaint):
        parsed(document)


def test_utc_needs_no_time_zone_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.plan_file.ZoneInfo", _no_zone)

    assert len(parsed(document_of(camera(1, DAY))).cameras) == 1


def test_missing_time_zone_data_is_said_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.plan_file.ZoneInfo", _no_zone)

    with pytest.raises(PlanError, match="pip install tzdata"):
        parsed(document_of(camera(1, DAY), time_zone="Europe/Berlin"))


def _no_zone(name: str) -> None:
    raise KeyError(name)


@pytest.mark.parametrize("content", [None, "{", "\udcff"], ids=["missing", "cut off", "not text"])
def test_file_that_is_no_json_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_bytes(content.encode(errors="surrogateescape"))

    with pytest.raises(PlanError, match=r"cannot read the plan .*plan\.json"):
        load_plans(file)


def test_document_survives_json() -> None:
    document = document_of(camera(1, DAY))

    assert parsed(json.loads(json.dumps(document))) == parsed(document)
