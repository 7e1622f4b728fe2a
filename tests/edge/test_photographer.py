"""Pictures of some events go up before the events do, and never hold them up."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from random import Random

import pytest
from PIL import Image

from edge.link import HttpLink
from edge.photographer import Photographer, truth_of
from edge.sender import Sender
from tests.edge.fake_server import HANG_UP, FakeServer, Reply, Request

Start = Callable[..., Sender]
STORED = Reply(201, '{"id": "pic-1"}')


def line(event_type: str = "working", **more: object) -> str:
    event = {
        "timestamp": "2026-01-15T10:15:00.250Z",
        "worker_id": "W1",
        "workstation_id": "S1",
        "event_type": event_type,
        "confidence": 0.93,
        "camera_id": "CAM-1",
        **more,
    }
    return json.dumps(event, separators=(",", ":"))


def photographer(server: FakeServer, *, share: float = 1.0, seed: int = 1) -> Photographer:
    return Photographer(HttpLink(server.url, "secret"), lambda _at: 0.0, share, UTC, Random(seed))


def add_pictures(taker: Photographer, *lines: str) -> list[str]:
    added = taker.add_pictures(lines)
    taker.link.close()
    return added


def parts_of(request: Request) -> dict[str, bytes]:
    """The form, as the standard library's mail parser reads it."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + request.body).get_payload()
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in parts
    }


def test_a_picture_goes_up_and_the_event_names_it(server: FakeServer) -> None:
    server.always = STORED
    (added,) = add_pictures(photographer(server), line())
    assert json.loads(added) == {**json.loads(line()), "snapshot_id": "pic-1"}


def test_the_upload_is_a_form_with_the_picture(server: FakeServer) -> None:
    server.always = STORED
    add_pictures(photographer(server), line())
    (request,) = server.requests
    assert request.path == "/api/v1/snapshots/"
    assert request.headers["Authorization"] == "Bearer secret"
    parts = parts_of(request)
    assert parts["camera_id"] == b"CAM-1"
    assert parts["taken_at"] == b"2026-01-15T10:15:00.250Z"
    Image.open(io.BytesIO(parts["image"])).verify()


def test_chance_alone_chooses(server: FakeServer) -> None:
    server.always = STORED
    lines = [line(confidence=0.4 if n % 2 else 0.99) for n in range(400)]
    added = add_pictures(photographer(server, share=0.1), *lines)
    pictured = [n for n, each in enumerate(added) if "snapshot_id" in each]
    assert 20 < len(pictured) < 60
    assert 0.3 < sum(n % 2 for n in pictured) / len(pictured) < 0.7


def test_with_no_share_nothing_goes_up(server: FakeServer) -> None:
    assert add_pictures(photographer(server, share=0), line()) == [line()]
    assert server.requests == []


@pytest.mark.parametrize("reply", [Reply(503), Reply(HANG_UP), Reply(413), Reply(200, "<h1>")])
def test_without_an_id_events_go_without_pictures_and_it_is_tried_again_later(
    server: FakeServer, reply: Reply
) -> None:
    server.always = reply
    taker = photographer(server)
    assert add_pictures(taker, line(), line()) == [line(), line()]
    asked = len(server.requests)
    assert asked <= 2
    server.always = STORED
    assert "snapshot_id" in add_pictures(taker, line())[0]


@pytest.mark.parametrize("status", [403, 404, 405])
def test_a_server_that_takes_no_pictures_is_not_asked_again(
    server: FakeServer, status: int
) -> None:
    server.always = Reply(status)
    taker = photographer(server)
    add_pictures(taker, line())
    add_pictures(taker, line())
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "odd",
    [
        '{"timestamp": "2026-01-15T10:',
        line(timestamp="yesterday at noon"),
        line("dancing"),
        line(confidence=1.5),
    ],
)
def test_trouble_on_purpose_passes_as_it_is(server: FakeServer, odd: str) -> None:
    assert add_pictures(photographer(server), odd) == [odd]
    assert server.requests == []


@pytest.mark.parametrize(
    "event_type, others",
    [("working", {"idle", "absent"}), ("product_count", {"working"})],
)
def test_a_picture_contradicts_as_often_as_the_model_doubts(
    event_type: str, others: set[str]
) -> None:
    dice = Random(3)
    shown = [truth_of(event_type, 0.8, dice) for _ in range(2_000)]
    assert 0.77 < shown.count(event_type) / len(shown) < 0.83
    assert set(shown) == {event_type, *others}


def test_a_camera_sinks_in_the_picture_too(server: FakeServer) -> None:
    server.always = STORED
    asked: list[datetime] = []

    def sunk_at(moment: datetime) -> float:
        asked.append(moment)
        return 0.1

    taker = Photographer(HttpLink(server.url, "secret"), sunk_at, 1.0, UTC, Random(1))
    add_pictures(taker, line())
    assert asked == [datetime(2026, 1, 15, 10, 15, 0, 250_000, tzinfo=UTC)]


def test_a_sender_prepares_lines_just_before_they_go(
    server: FakeServer, start_sender: Start
) -> None:
    server.replies.append(STORED)
    taker = photographer(server)
    start_sender(line(), prepare=taker.add_pictures)
    upload, batch = server.wait_for(2)
    taker.link.close()
    assert upload.path.endswith("/snapshots/")
    assert batch.events[0]["snapshot_id"] == "pic-1"
