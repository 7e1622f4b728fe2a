"""Sightings on the wire."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from edge.sighting import Sighting
from edge.wire import as_json, as_ndjson, line, timestamp, wire_event

AT = datetime(2026, 1, 15, 11, 15, 0, 7999, tzinfo=timezone(timedelta(hours=1)))


def sighting(event_type: str) -> Sighting:
    return Sighting(AT, "CAM-1", "W1", "S1", event_type, 0.93)


def test_timestamp_is_utc_with_milliseconds() -> None:
    assert timestamp(AT) == "2026-01-15T10:15:00.007Z"


def test_state_event_carries_no_count() -> None:
    assert wire_event(sighting("working")) == {
        "timestamp": "2026-01-15T10:15:00.007Z",
        "worker_id": "W1",
        "workstation_id": "S1",
        "event_type": "working",
        "confidence": 0.93,
        "camera_id": "CAM-1",
    }


def test_finished_unit_counts_one() -> None:
    assert wire_event(sighting("product_count"))["count"] == 1


def test_json_body_names_the_camera_once_around_its_events() -> None:
    body = as_json("CAM-1", ['{"a":1}', '{"a":2}'])

    assert json.loads(body.content) == {"camera_id": "CAM-1", "events": [{"a": 1}, {"a": 2}]}


def test_ndjson_body_has_one_line_per_event() -> None:
    written = [line(wire_event(sighting("working"))), "not json"]

    assert as_ndjson("CAM-1", written).content.decode().splitlines() == written


@pytest.mark.parametrize("encode", [as_json, as_ndjson])
def test_body_without_events_is_a_heartbeat(encode: type) -> None:
    assert json.loads(encode("CAM-1", []).content) == {"camera_id": "CAM-1", "events": []}
