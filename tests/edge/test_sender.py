"""The sender against a real server: nothing lost, nothing reordered, nothing said twice."""

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep

import pytest

from edge.sender import Sender
from tests.edge.conftest import sender_to
from tests.edge.fake_server import HANG_UP, FakeServer, Reply

Start = Callable[..., Sender]

ONE, TWO = '{"timestamp":"2026-01-15T10:15:00.001Z"}', '{"timestamp":"2026-01-15T10:15:00.002Z"}'


def settle(sender: Sender) -> None:
    """Waits until every line has its answer."""
    give_up_at = monotonic() + 10
    while sender.waiting():
        assert monotonic() < give_up_at
        sleep(0.005)


def test_events_go_to_the_ingest_path(server: FakeServer, start_sender: Start) -> None:
    start_sender(ONE)

    assert server.wait_for(1)[0].path == "/api/v1/events/"


def test_key_goes_along_as_bearer(server: FakeServer, start_sender: Start) -> None:
    start_sender(ONE, key="fk_1")

    assert server.wait_for(1)[0].headers["Authorization"] == "Bearer fk_1"


def test_what_waits_goes_in_one_batch(server: FakeServer, start_sender: Start) -> None:
    start_sender(ONE, TWO)

    assert len(server.wait_for(1)[0].events) == 2


def test_connection_is_kept(server: FakeServer, start_sender: Start) -> None:
    sender = start_sender(ONE)
    server.wait_for(1)
    settle(sender)
    sender.put([TWO])

    assert len({request.client_port for request in server.wait_for(2)}) == 1


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(503), id="503"),
        pytest.param(Reply(500, "<h1>oops</h1>"), id="500 with a page"),
        pytest.param(Reply(507), id="507"),
        pytest.param(Reply(429), id="429 without a time"),
        pytest.param(Reply(HANG_UP), id="connection lost"),
        pytest.param(Reply(200, "<h1>log in</h1>"), id="200 from somebody else"),
    ],
)
def test_failed_batch_is_sent_again_as_it_was(
    server: FakeServer, start_sender: Start, reply: Reply
) -> None:
    server.replies.append(reply)
    settle(start_sender(ONE))

    first, second = server.wait_for(2)
    assert first.body == second.body


def test_newer_events_come_after_a_failed_batch(server: FakeServer, start_sender: Start) -> None:
    server.replies.extend([Reply(503)] * 3)
    sender = start_sender(ONE)
    server.wait_for(1)
    sender.put([TWO])

    times = [request.events[0]["timestamp"][-3:-1] for request in server.wait_for(5)]
    assert times == ["01", "01", "01", "01", "02"]


def test_retry_after_is_honoured(server: FakeServer, start_sender: Start) -> None:
    server.replies.append(Reply(429, headers={"Retry-After": "1"}))
    start_sender(ONE)

    first, second = server.wait_for(2)
    assert second.arrived_at - first.arrived_at >= 1


def test_connection_refused_keeps_the_events() -> None:
    sender = sender_to("http://127.0.0.1:1")
    sender.put([ONE, TWO])
    thread = Thread(target=sender.run)
    thread.start()
    sleep(0.05)
    sender.close()
    thread.join(5)

    assert sender.waiting() == 2


def test_unreachable_server_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    sender = sender_to("http://127.0.0.1:1")
    sender.put([ONE])
    thread = Thread(target=sender.run)
    thread.start()
    sleep(0.1)
    sender.close()
    thread.join(5)

    assert capsys.readouterr().err.count("\n") == 1


def test_key_that_is_not_accepted_is_said_once(
    server: FakeServer, start_sender: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    server.always = Reply(401, '{"code": "not_authenticated", "detail": "Unknown key."}')
    start_sender(ONE)
    server.wait_for(4)

    assert capsys.readouterr().err == (
        "CAM-1: 401 (not_authenticated: Unknown key.); the server does not accept the ingest key; "
        "events wait, slow retry\n"
    )


def test_end_of_a_trouble_is_said(
    server: FakeServer, start_sender: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    server.replies.append(Reply(403))
    settle(start_sender(ONE))

    assert capsys.readouterr().err.splitlines()[1] == "CAM-1: the server takes events again"


def test_short_hiccup_is_not_worth_a_line(
    server: FakeServer, start_sender: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    server.replies.extend([Reply(503)] * 2)
    settle(start_sender(ONE))

    assert capsys.readouterr().err == ""


def test_busy_server_is_said_at_the_third_time(
    server: FakeServer, start_sender: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    server.replies.extend([Reply(503)] * 5)
    settle(start_sender(ONE))

    assert "CAM-1: 503; events wait and are sent again" in capsys.readouterr().err


def test_wrong_address_keeps_the_events(server: FakeServer, start_sender: Start) -> None:
    server.always = Reply(404)
    sender = start_sender(ONE)
    server.wait_for(3)

    assert sender.waiting() == 1


@pytest.mark.parametrize("status", [400, 413, 415])
def test_batch_refused_as_a_whole_is_given_up_and_counted(
    server: FakeServer, start_sender: Start, status: int
) -> None:
    server.replies.append(Reply(status))
    sender = start_sender(ONE, TWO)
    settle(sender)

    assert f"refused 2 (http_{status} 2)" in sender.tally.line()


def test_answers_are_counted_by_kind(server: FakeServer, start_sender: Start) -> None:
    receipt = (
        '{"received": 3, "accepted": 1, "duplicate": 1,'
        ' "refused": [{"index": 2, "code": "invalid", "detail": ""}]}'
    )
    server.replies.append(Reply(200, receipt))
    sender = start_sender(ONE, TWO, "{}")
    settle(sender)

    assert sender.tally.line() == "sent 3, accepted 1, duplicate 1, refused 1 (invalid 1)"


def test_answer_of_a_queueing_server_is_counted(server: FakeServer, start_sender: Start) -> None:
    server.replies.append(Reply(202, '{"received": 1, "queued": 1, "refused": []}'))
    sender = start_sender(ONE)
    settle(sender)

    assert sender.tally.line() == "sent 1, accepted 0, duplicate 0, queued 1, refused 0"


def test_full_backlog_keeps_the_newest() -> None:
    sender = sender_to("http://127.0.0.1:1", capacity=2)
    sender.put(["1", "2", "3"])

    assert sender.backlog.take(limit=9, timeout=0) == ["2", "3"]


def test_full_backlog_counts_what_it_dropped() -> None:
    sender = sender_to("http://127.0.0.1:1", capacity=2)
    sender.put(["1", "2", "3"])

    assert "dropped 1" in sender.tally.line()


def test_full_backlog_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    sender_to("http://127.0.0.1:1", capacity=2).put(["1", "2", "3"])

    assert "too many events wait" in capsys.readouterr().err


def test_camera_with_nothing_to_report_sends_heartbeats(
    server: FakeServer, start_sender: Start
) -> None:
    start_sender(heartbeat_seconds=0.02)

    assert server.wait_for(2)[1].body == b'{"camera_id":"CAM-1","events":[]}'


def test_closing_sends_what_is_left(server: FakeServer) -> None:
    sender = sender_to(server.url)
    sender.put([ONE, TWO])
    sender.close()
    sender.run()

    assert len(server.events()) == 2


def test_closing_makes_one_last_attempt(server: FakeServer) -> None:
    server.always = Reply(503)
    sender = sender_to(server.url)
    sender.put([ONE])
    sender.close()
    sender.run()

    assert (len(server.requests), sender.waiting()) == (1, 1)
