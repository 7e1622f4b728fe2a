"""The agent's door: the contract of the server's, answered with 202 once the events are durable."""

import gzip
import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.edge.agent.agents import AgentProcess, event
from tests.edge.agent.conftest import Start
from tests.edge.agent.fake_ingest import FakeIngest

NDJSON = "application/x-ndjson"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    """An agent whose server is away."""
    with AgentProcess(tmp_path_factory.mktemp("door"), "http://127.0.0.1:9") as agent:
        yield agent


@pytest.fixture
def agent(shared: AgentProcess) -> AgentProcess:
    """Its buffer is empty."""
    with closing(sqlite3.connect(shared.buffer)) as database, database:
        database.execute("DELETE FROM event")
    return shared


def kept(agent: AgentProcess) -> list[dict[str, Any]]:
    """What lies in the buffer's file."""
    with closing(sqlite3.connect(agent.buffer)) as database:
        rows = database.execute("SELECT line FROM event ORDER BY id").fetchall()
    return [json.loads(row[0]) for row in rows]


def details(answer: Any) -> list[str]:
    return [each["detail"] for each in answer.document["refused"]]


@pytest.mark.parametrize(
    "body, headers",
    [
        pytest.param(event(1), {}, id="one object"),
        pytest.param([event(1)], {}, id="an array"),
        pytest.param({"events": [event(1)]}, {}, id="an envelope"),
        pytest.param(json.dumps(event(1)).encode() + b"\n\n", {"Content_Type": NDJSON}, id="lines"),
        pytest.param(
            gzip.compress(json.dumps([event(1)]).encode()), {"Content_Encoding": "gzip"}, id="gzip"
        ),
    ],
)
def test_every_form_is_kept_before_the_answer(
    agent: AgentProcess, body: object, headers: dict[str, str]
) -> None:
    answer = agent.post(body, **headers)

    assert (answer.status, answer.document) == (202, {"received": 1, "queued": 1, "refused": []})
    assert {**kept(agent)[0], "seq": 0, "seq_run": ""} == {**event(1), "seq": 0, "seq_run": ""}


def test_original_time_is_kept_to_the_letter(agent: AgentProcess) -> None:
    agent.put(event(timestamp="2026-01-15t11:15:00.123456+01:00"))
    assert kept(agent)[0]["timestamp"] == "2026-01-15t11:15:00.123456+01:00"


def test_event_without_a_time_is_stamped(agent: AgentProcess) -> None:
    untimed = event()
    del untimed["timestamp"]
    agent.put(untimed)
    assert kept(agent)[0]["timestamp"][:2] == "20"
    assert kept(agent)[0]["timestamp"].endswith("Z")


def test_camera_of_the_envelope_is_that_of_its_items(agent: AgentProcess) -> None:
    unnamed = event()
    del unnamed["camera_id"]
    agent.post({"camera_id": "CAM-7", "events": [unnamed, event(1)]})
    assert [each["camera_id"] for each in kept(agent)] == ["CAM-7", "CAM-1"]


def test_unknown_fields_are_left_out(agent: AgentProcess) -> None:
    agent.put(event(box=[1, 2], note={"a": {"b": 1}}))
    assert not {"box", "note"} & set(kept(agent)[0])


def test_events_are_numbered_by_camera(agent: AgentProcess) -> None:
    agent.put(*(event(n, camera_id=camera) for n, camera in enumerate(["A", "B", "A"])))
    agent.put(event(4, camera_id="A"))
    assert [(each["camera_id"], each["seq"]) for each in kept(agent)] == [
        ("A", 1),
        ("B", 1),
        ("A", 2),
        ("A", 3),
    ]
    assert len({each["seq_run"] for each in kept(agent)}) == 1


def test_numbers_of_the_sender_are_kept(agent: AgentProcess) -> None:
    agent.put(event(1, camera_id="N", seq=17, seq_run="a"), event(2, camera_id="N"))
    assert [(each["seq"], each["seq_run"] == "a") for each in kept(agent)] == [
        (17, True),
        (1, False),
    ]


@pytest.mark.parametrize(
    "wrong, path",
    [
        ({"timestamp": "2026-01-15T10:15:00"}, "timestamp"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "2026-02-30T10:15:00Z"}, "timestamp"),
        ({"timestamp": "1969-12-31T23:59:59Z"}, "timestamp"),
        ({"timestamp": 1768472100}, "timestamp"),
        ({"worker_id": ""}, "worker_id"),
        ({"worker_id": "W" * 65}, "worker_id"),
        ({"worker_id": None}, "worker_id"),
        ({"worker_id": 7}, "worker_id"),
        ({"workstation_id": "S\u00001"}, "workstation_id"),
        ({"workstation_id": "\ud800"}, "workstation_id"),
        ({"event_type": "sleeping"}, "event_type"),
        ({"event_type": ["working"]}, "event_type"),
        ({"confidence": 1.01}, "confidence"),
        ({"confidence": True}, "confidence"),
        ({"confidence": "0.9"}, "confidence"),
        ({"event_type": "product_count", "count": -1}, "count"),
        ({"event_type": "product_count", "count": True}, "count"),
        ({"event_type": "product_count", "count": 1.5}, "count"),
        ({"event_type": "product_count", "count": 100_001}, "count"),
        ({"restated": "yes"}, "restated"),
        ({"camera_id": ""}, "camera_id"),
        ({"seq": -1}, "seq"),
    ],
    ids=str,
)
def test_wrong_item_is_refused_and_the_rest_is_kept(
    agent: AgentProcess, wrong: dict[str, Any], path: str
) -> None:
    answer = agent.post([event(1), event(2, **wrong), event(3)])

    assert answer.status == 202
    assert (answer.document["queued"], answer.document["refused"][0]["index"]) == (2, 1)
    assert answer.document["refused"][0]["code"] == "invalid"
    assert details(answer)[0].endswith(f"at `$.{path}`")
    assert len(kept(agent)) == 2


def test_count_of_a_state_is_ignored(agent: AgentProcess) -> None:
    agent.put(event(count=-5))
    assert "count" not in kept(agent)[0]


def test_one_wrong_object_is_422(agent: AgentProcess) -> None:
    answer = agent.post(event(event_type="sleeping"))
    assert (answer.status, answer.document["status"]) == (422, "refused")


def test_bad_line_is_one_refused_item(agent: AgentProcess) -> None:
    lines = b"\n".join([json.dumps(event(1)).encode(), b"oops", b"\xff", b'{"a": NaN}'])
    answer = agent.post(lines, Content_Type=NDJSON)
    assert (answer.document["queued"], len(answer.document["refused"])) == (1, 3)


@pytest.mark.parametrize(
    "body, headers, status",
    [
        pytest.param(b"oops", {}, 400, id="not JSON"),
        pytest.param(b"", {}, 400, id="nothing"),
        pytest.param(b"7", {}, 400, id="a number"),
        pytest.param(b'{"events": 7}', {}, 400, id="events that are none"),
        pytest.param(b'[{"worker_id": NaN}]', {}, 400, id="NaN"),
        pytest.param(b"[" * 100_000, {}, 400, id="too deep for Python"),
        pytest.param(b"[" * 17 + b"]" * 17, {}, 400, id="too deep"),
        pytest.param(b"oops", {"Content_Encoding": "gzip"}, 400, id="not gzip"),
        pytest.param(
            gzip.compress(b"[]")[:-4], {"Content_Encoding": "gzip"}, 400, id="half of a gzip"
        ),
        pytest.param(b"[]", {"Content_Encoding": "br"}, 415, id="brotli"),
        pytest.param(b"[]", {"Content_Type": "text/plain"}, 415, id="text"),
        pytest.param(json.dumps([{}] * 5_001).encode(), {}, 413, id="too many"),
        pytest.param(b"[" + b" " * 5_000_000, {}, 413, id="too long"),
        pytest.param(
            gzip.compress(b" " * 50_000_000), {"Content_Encoding": "gzip"}, 413, id="a bomb"
        ),
    ],
)
def test_request_that_makes_no_sense_is_refused_as_a_whole(
    agent: AgentProcess, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = agent.post(body, **headers)
    assert (answer.status, sorted(answer.document)) == (status, ["code", "detail"])


def test_chunked_body_is_read(agent: AgentProcess) -> None:
    body = json.dumps([event(1)]).encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:]))
    answer = raw(
        agent,
        b"POST /api/v1/events/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks + b"0\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 202 ")
    assert len(kept(agent)) == 1


@pytest.mark.parametrize(
    "said, status",
    [
        (b"POST /api/v1/events/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"411"),
        (b"PUT /api/v1/events/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"501"),
        (b"GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"POST /api/v1/events/ HTTP/1.1\r\nContent-Length: 99\r\n\r\n[", b"400"),
    ],
)
def test_whatever_is_said_the_answer_is_json(
    agent: AgentProcess, said: bytes, status: bytes
) -> None:
    head, _, body = raw(agent, said).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert json.loads(body)["code"]


def raw(agent: AgentProcess, said: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", int(agent.url.rpartition(":")[2])), 10) as line:
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(4096), b""))


def test_connection_is_kept_for_further_events(agent: AgentProcess) -> None:
    body = json.dumps([event(1)]).encode()
    one = b"POST /api/v1/events/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    one += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    assert raw(agent, one * 3).count(b"HTTP/1.1 202 ") == 3


def test_stranger_is_refused_where_a_key_is_wanted(start: Start) -> None:
    agent = start("--local-key", "sesame")
    assert agent.post([event()]).status == 401
    assert agent.post([event()], Authorization="Bearer open").status == 401
    assert agent.post([event()], Authorization="Bearer sesame").status == 202


def test_camera_that_is_told_is_that_of_events_without_one(
    start: Start, ingest: FakeIngest
) -> None:
    unnamed = event()
    del unnamed["camera_id"]
    start("--camera", "CAM-9").put(unnamed)
    assert ingest.wait_for_stored(1)[0]["camera_id"] == "CAM-9"
