"""What the server answers decides what becomes of each event; nothing else takes one away."""

import json
from itertools import pairwise

import pytest

from tests.edge.agent.agents import AgentHere, event
from tests.edge.agent.conftest import Start
from tests.edge.agent.fake_ingest import HANG_UP, FakeIngest, Reply

ACCEPTED = json.dumps({"received": 1, "accepted": 1, "duplicate": 0, "refused": []})
MALFORMED = '{"code": "malformed", "detail": "Not JSON"}'


def test_event_arrives_as_it_was_sent(start: Start, ingest: FakeIngest) -> None:
    start().put(event(7))
    stored = ingest.wait_for_stored(1)[0]
    assert {name: stored[name] for name in event()} == event(7)


def test_key_goes_along(start: Start, ingest: FakeIngest) -> None:
    start().put(event())
    assert ingest.wait_for_requests(1)[0].headers["Authorization"] == "Bearer secret"


def test_batches_are_packed(start: Start, ingest: FakeIngest) -> None:
    start().put(*(event(n) for n in range(100)))
    ingest.wait_for_stored(100)
    sent = next(each for each in ingest.requests if len(each.events) > 10)
    assert sent.headers["Content-Encoding"] == "gzip"
    assert sent.size < 20 * len(sent.events)


def test_batches_are_no_larger_than_500(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    agent = start()
    agent.put(*(event(n) for n in range(1_200)))
    ingest.always = None
    ingest.wait_for_stored(1_200)
    assert max(ingest.batches()) == 500


def test_oldest_go_first(start: Start, ingest: FakeIngest) -> None:
    agent = start("--batch", "10", "--live-share", "0")
    agent.put(*(event(n) for n in range(95)))
    stored = ingest.wait_for_stored(95)
    assert [each["timestamp"] for each in stored] == [event(n)["timestamp"] for n in range(95)]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(200, ACCEPTED), id="accepted"),
        pytest.param(Reply(200, ACCEPTED.replace("d", "d", 1)), id="200"),
        pytest.param(
            Reply(200, '{"received": 1, "accepted": 0, "duplicate": 1, "refused": []}'),
            id="duplicate",
        ),
        pytest.param(Reply(202, '{"received": 1, "queued": 1, "refused": []}'), id="queued"),
    ],
)
def test_event_that_the_server_has_is_taken_away(
    start: Start, ingest: FakeIngest, reply: Reply
) -> None:
    ingest.replies.append(reply)
    agent = start()
    agent.put(event())
    agent.wait_until_empty()
    assert len(ingest.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(500, "<h1>oops</h1>"), id="500 with a page"),
        pytest.param(Reply(502), id="502"),
        pytest.param(Reply(503), id="503"),
        pytest.param(Reply(507), id="507"),
        pytest.param(Reply(429), id="429 without a time"),
        pytest.param(Reply(408), id="408"),
        pytest.param(Reply(HANG_UP), id="nothing"),
        pytest.param(Reply(200, "<h1>log in</h1>"), id="200 from somebody else"),
        pytest.param(Reply(200, "{}"), id="200 without a receipt"),
        pytest.param(Reply(204, ""), id="204"),
        pytest.param(Reply(200, ACCEPTED.replace("1", "2")), id="a receipt for two"),
        pytest.param(
            Reply(200, '{"received": 1, "accepted": 0, "duplicate": 0, "refused": []}'),
            id="a receipt for none",
        ),
        pytest.param(
            Reply(200, '{"received": 1, "accepted": 0, "refused": [{"index": 5, "code": "x"}]}'),
            id="a refusal of an event that was not sent",
        ),
        pytest.param(Reply(302, headers={"Location": "/login"}), id="a redirect"),
        pytest.param(Reply(400, "<h1>Bad Request</h1>"), id="400 from a proxy"),
        pytest.param(Reply(413, "<h1>Too Large</h1>"), id="413 of one event from a proxy"),
        pytest.param(Reply(401, '{"code": "not_authenticated"}'), id="401"),
        pytest.param(Reply(403, '{"code": "forbidden"}'), id="403"),
        pytest.param(Reply(404), id="404"),
    ],
)
def test_event_that_the_server_may_not_have_is_sent_again(
    start: Start, ingest: FakeIngest, reply: Reply
) -> None:
    ingest.replies.append(reply)
    agent = start()
    agent.put(event(1))
    ingest.wait_for_stored(1)
    agent.wait_until_empty()
    assert agent.health()["counted"]["refused"] == 0


def test_refused_event_becomes_a_dead_letter_with_its_reason(start: Start) -> None:
    server = FakeIngest(refused=lambda each: "unknown_worker" * (each["worker_id"] == "nobody"))
    agent = start(url=server.url)
    agent.put(event(1), event(2, worker_id="nobody"), event(3))
    agent.wait_until_empty()
    counted = agent.health()["counted"]
    assert (counted["accepted"], counted["refused"]) == (2, 1)
    assert dead(agent) == [("unknown_worker", "no unknown_worker", "nobody")]
    server.stop()


def dead(agent: AgentHere) -> list[tuple[str, str, str]]:
    letters = agent.agent.outbox.dead()
    return [(code, detail, json.loads(line)["worker_id"]) for _, code, detail, line in letters]


def test_refusal_is_told(start: Start) -> None:
    server = FakeIngest(refused=lambda _: "unknown_worker")
    agent = start(url=server.url)
    agent.put(event())
    agent.wait_until(lambda: agent.said("refused"))
    told = agent.said("refused")[0]
    assert (told["code"], told["events"], told["level"]) == ("unknown_worker", 1, "warning")
    server.stop()


def test_too_large_batch_is_split(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    agent = start()
    agent.put(*(event(n) for n in range(100)))
    ingest.replies.extend([Reply(413, '{"code": "too_large"}')] * 3)
    ingest.always = None
    ingest.wait_for_stored(100)
    sizes = ingest.batches()
    assert [size for size in sizes if size >= 25][-6:-3] == [100, 50, 25] or 12 in sizes


def test_event_that_spoils_its_batch_is_found(start: Start) -> None:
    """It becomes a dead letter, and all others arrive."""
    server = FakeIngest(
        spoiled=lambda each: each["worker_id"] == "bad", spoils=Reply(400, MALFORMED)
    )
    agent = start(url=server.url)
    agent.put(*(event(n, worker_id="bad" if n == 37 else "W1") for n in range(100)))
    agent.wait_until_empty()
    assert len(server.stored) == 99
    assert dead(agent) == [("malformed", "Not JSON", "bad")]
    server.stop()


def test_event_on_which_the_server_breaks_holds_up_no_other(start: Start) -> None:
    server = FakeIngest(spoiled=lambda each: each["worker_id"] == "bad", spoils=Reply(500))
    agent = start(url=server.url)
    agent.put(*(event(n, worker_id="bad" if n == 3 else "W1") for n in range(10)))
    server.wait_for_stored(9)
    agent.wait_until(lambda: agent.health()["waiting"] == 1)
    server.stop()


def test_retry_after_is_honoured(start: Start, ingest: FakeIngest) -> None:
    ingest.replies.append(Reply(429, headers={"Retry-After": "1"}))
    start().put(event())
    first, second = ingest.wait_for_requests(2)
    assert second.at - first.at >= 1


def test_waits_grow_and_are_drawn_by_lot(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    start("--retry-first", "0.02", "--retry-longest", "0.6").put(event())
    at = [each.at for each in ingest.wait_for_requests(12)]
    waits = [later - earlier for earlier, later in pairwise(at)]
    assert max(waits[:3]) < 0.2
    assert max(waits) < 0.8
    assert len({round(wait, 2) for wait in waits}) > 3


@pytest.mark.parametrize("status", [401, 403])
def test_key_that_is_not_accepted_pauses_and_says_so(
    start: Start, ingest: FakeIngest, status: int
) -> None:
    ingest.always = Reply(status, '{"code": "not_authenticated", "detail": "Revoked."}')
    agent = start("--retry-blocked", "0.05")
    agent.put(event())
    ingest.wait_for_requests(4)
    (told,) = agent.said("link_paused")
    assert told["reason"] == f"{status} (not_authenticated: Revoked.)"
    assert "ingest key" in told["advice"]
    assert agent.health()["link"]["state"] == "paused"
    assert agent.health()["waiting"] == 1


def test_end_of_a_pause_is_said(start: Start, ingest: FakeIngest) -> None:
    ingest.replies.append(Reply(401))
    agent = start()
    agent.put(event())
    agent.wait_until(lambda: agent.said("link_up"))


def test_heartbeats_pass_through(start: Start, ingest: FakeIngest) -> None:
    answer = start().post({"camera_id": "CAM-4", "events": []})
    assert (answer.status, answer.document["received"]) == (202, 0)
    ingest.wait_until(lambda: ingest.requests)
    assert ingest.requests[0].document == {"camera_id": "CAM-4", "events": []}


def test_heartbeat_that_found_no_way_is_not_told_later(start: Start, ingest: FakeIngest) -> None:
    """Only the newest of a camera is on its way."""
    ingest.always = Reply(503)
    agent = start()
    for _ in range(5):
        agent.post({"camera_id": "CAM-4", "events": []})
    ingest.wait_for_requests(2)
    ingest.always = None
    seen = len(ingest.requests)
    agent.put(event())
    ingest.wait_for_stored(1)
    assert sum(each.is_heartbeat for each in ingest.requests[seen:]) <= 1


def test_stranger_s_heartbeat_holds_nothing_up(start: Start, ingest: FakeIngest) -> None:
    ingest.replies.append(Reply(422, '{"status": "refused", "code": "unknown_camera"}'))
    agent = start()
    agent.post({"camera_id": "CAM-99", "events": []})
    agent.put(event())
    ingest.wait_for_stored(1)
    assert agent.said("heartbeat_refused")[0]["camera_id"] == "CAM-99"


def test_live_events_overtake_a_backlog(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    agent = start("--batch", "20")
    agent.put(*(event(n) for n in range(2_000)))
    ingest.delay, ingest.always = 0.01, None
    agent.put(event(59_999, camera_id="LIVE"))
    ingest.wait_until(lambda: any(key[0] == "LIVE" for key in ingest.stored))
    assert len(ingest.stored) < 500
    ingest.wait_for_stored(2_001)


def test_without_a_share_live_events_wait_their_turn(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    agent = start("--batch", "20", "--live-share", "0")
    agent.put(*(event(n) for n in range(500)))
    agent.put(event(59_999, camera_id="LIVE"))
    ingest.always = None
    assert ingest.wait_for_stored(501)[-1]["camera_id"] == "LIVE"


def test_clock_ahead_of_the_server_s_is_said(start: Start, ingest: FakeIngest) -> None:
    behind = {"Date": "Thu, 15 Jan 2026 10:15:00 GMT"}
    ingest.replies.append(Reply(503, headers=behind))
    agent = start()
    agent.put(event())
    agent.wait_until(lambda: agent.said("clock_off"))
    assert agent.said("clock_off")[0]["ahead_seconds"] > 3600
    agent.wait_until(lambda: agent.said("clock_right"))
    assert abs(agent.health()["link"]["clock_ahead_seconds"]) < 2


def test_stopping_and_starting_loses_nothing(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    agent = start()
    agent.put(*(event(n) for n in range(10)))
    agent.end()
    ingest.always = None
    start()
    ingest.wait_for_stored(10)


def test_numbers_go_on_after_a_stop(start: Start, ingest: FakeIngest) -> None:
    agent = start()
    agent.put(event(1))
    agent.wait_until_empty()
    agent.end()
    start().put(event(2))
    one, two = ingest.wait_for_stored(2)
    assert (one["seq"], two["seq"]) == (1, 2)
    assert one["seq_run"] == two["seq_run"]
