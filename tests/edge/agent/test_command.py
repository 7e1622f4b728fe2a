"""The commands as people run them: told by flags, environment and file; stopped by signals."""

import json
import os
import signal
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from edge.__main__ import main
from tests.edge.agent.agents import AgentHere, event
from tests.edge.agent.conftest import Start, StartProcess
from tests.edge.agent.fake_ingest import FakeIngest, Reply


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def edge(*words: object, **environment: str) -> Done:
    """`python -m edge WORDS`, in this process, since none of these goes on."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith("EDGE_")}
    with (
        patch.dict(os.environ, {**plain, **environment}, clear=True),
        redirect_stdout(StringIO()) as stdout,
        redirect_stderr(StringIO()) as stderr,
    ):
        code = main([*map(str, words)])
    return Done(code, stdout.getvalue(), stderr.getvalue())


# --- what stops the start ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--key", ""], "--key, EDGE_KEY or a key_file is needed"),
        (["--url", "ftp://x"], '--url: "ftp://x" is not an address such as http://127.0.0.1:8000'),
        (["--url", "http://a..b"], '--url: "http://a..b" is not an address'),
        (["--listen", "8765"], '--listen: "8765" is not an address such as 127.0.0.1:8765'),
        (["--listen", "0.0.0.0:0"], "--listen beyond this machine needs a --local-key"),
        (["--max-size", "lots"], '--max-size: "lots" is not a size such as 500 MB'),
        (["--when-full", "panic"], '--when-full: "panic" is not one of refuse, drop-oldest'),
        (["--batch", "0"], '--batch: "0" is not a whole number from 1 to 5,000'),
        (["--live-share", "1"], '--live-share: "1" is not a share from 0 to 0.9'),
        (["--timeout", "nan"], '--timeout: "nan" is not a number of seconds above 0'),
        (["--interval", "30"], "--interval and --feed-timeout go together"),
        (["--feed-timeout", "30"], "--interval and --feed-timeout go together"),
        (["--key-file", "/nowhere"], "key_file: /nowhere can't be read: No such file or directory"),
        (["--config", "/nowhere"], "/nowhere can't be read: No such file or directory"),
        (["--ca-file", "/nowhere", "--url", "https://x"], "No such file or directory"),
        (["--buffer", "/nowhere/b"], "The buffer /nowhere/b can't be used: No such file"),
        (["--mqtt", "http://x"], "A broker is named like mqtt://127.0.0.1:1883"),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_wrong_value_stops_the_start_with_a_clear_line(
    words: list[str], complaint: str, tmp_path: Path
) -> None:
    usual = ["--key", "k", "--listen", "127.0.0.1:0", "--buffer", tmp_path / "b"]
    done = edge("agent", *usual, *words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("edge agent: ")
    assert complaint in done.stderr


def test_key_is_not_shown_when_it_is_wrong() -> None:
    assert "s3cret" not in edge("agent", "--key", "s3cret with blanks").stderr


def test_port_that_is_taken_stops_the_start(ingest: FakeIngest, tmp_path: Path) -> None:
    taken = f"127.0.0.1:{ingest.port}"
    done = edge("agent", "--key", "k", "--listen", taken, "--buffer", tmp_path / "b")
    assert (done.returncode, done.stderr) == (
        2,
        "edge agent: [Errno 98] Address already in use\n",
    )


@pytest.mark.parametrize(
    "content, complaint",
    [
        ("[agent]\nspeed = 9\n", "there is no setting 'speed'"),
        ("[agent]\nbatch = many\n", 'batch in the file: "many" is not a whole number'),
        ("batch = 5\n", "File contains no section headers"),
    ],
)
def test_wrong_file_stops_the_start(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "agent.ini"
    path.write_text(content)
    done = edge("agent", "--key", "k", "--config", path)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_wrong_variable_is_named(tmp_path: Path) -> None:
    done = edge("agent", EDGE_KEY="k", EDGE_BATCH="x", EDGE_BUFFER=str(tmp_path / "b"))
    assert done.stderr.startswith('edge agent: EDGE_BATCH: "x" is not')


# --- where settings come from --------------------------------------------------------------------


def test_flags_come_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "agent.ini"
    path.write_text(
        "[agent]\nbatch = 1\ntimeout = 1\nretry_first = 1\nmax_size = 3 MB\nlive_share = 0.1\n"
    )
    agent = AgentHere(
        tmp_path,
        "http://127.0.0.1:9",
        *("--config", str(path), "--batch", "3"),
        EDGE_BATCH="2",
        EDGE_TIMEOUT="2",
    )
    forwarder = agent.agent.parts[0]
    assert (forwarder.batch, forwarder.live_share) == (3, 0.1)
    assert forwarder.upstream._timeout == 2
    assert agent.agent.outbox.room.max_bytes == 3_000_000
    agent.end()


def test_key_comes_from_a_file(ingest: FakeIngest, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("fk_file\n")
    agent = AgentHere(tmp_path, ingest.url, "--key-file", str(path), EDGE_KEY="")
    agent.put(event())
    assert ingest.wait_for_requests(1)[0].headers["Authorization"] == "Bearer fk_file"
    agent.end()


# --- signals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_well(start_process: StartProcess, number: signal.Signals) -> None:
    agent = start_process()
    assert agent.end(number) == 0
    assert [line["event"] for line in agent.journal()] == ["started", "stopped"]


def test_signal_ends_it_soon_though_the_server_hangs(
    start_process: StartProcess, ingest: FakeIngest
) -> None:
    ingest.delay = 8
    agent = start_process()
    agent.put(event())
    assert agent.end() == 0


# --- how it is -----------------------------------------------------------------------------------


def status(agent: AgentHere, *words: str) -> Done:
    listen = f"127.0.0.1:{agent.port}"
    return edge("status", "--listen", listen, "--buffer", agent.buffer, *words)


def test_status_tells_the_backlog_and_why(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    agent = start()
    agent.put(event(1), event(2))
    agent.wait_until(lambda: agent.health()["link"]["failures"])
    done = status(agent)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    for line in (
        "status: ok",
        "waiting: 2",
        "oldest_at: 2026-01-15T10:00:00.001Z",
        "link.state: down",
        "link.last_error: 503",
        "buffer.when_full: refuse",
        "seq.CAM-1: 2",
    ):
        assert line in lines


def test_status_is_json_when_asked(start: Start) -> None:
    document = json.loads(status(start(), "--json").stdout)
    assert {"waiting", "oldest_seconds", "put_per_second", "sent_per_second"} <= set(document)
    assert {"last_error", "clock_ahead_seconds"} <= set(document["link"])


def test_rates_are_told(start: Start) -> None:
    agent = start()
    agent.put(*(event(n) for n in range(100)))
    agent.wait_until_empty()
    health = agent.health()
    assert (health["put_per_second"] > 1, health["sent_per_second"] > 1) == (True, True)


def test_cameras_that_were_heard_are_told(start: Start) -> None:
    agent = start()
    agent.put(event(camera_id="CAM-3"))
    assert agent.health()["heard_seconds_ago"]["CAM-3"] < 10


def test_status_of_an_agent_that_does_not_run_tells_what_is_left(
    start: Start, ingest: FakeIngest
) -> None:
    ingest.always = Reply(503)
    agent = start()
    agent.put(event(1), event(2))
    agent.end()
    done = status(agent)
    assert done.returncode == 1
    assert {"status: not running", "waiting: 2"} <= set(done.stdout.splitlines())


def test_status_tells_of_a_buffer_that_can_t_be_read(tmp_path: Path) -> None:
    done = edge("status", "--listen", "127.0.0.1:9", "--buffer", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "buffer: " in done.stdout


def test_status_without_a_buffer_is_short(tmp_path: Path) -> None:
    done = edge("status", "--listen", "127.0.0.1:9", "--buffer", tmp_path / "none")
    assert (done.returncode, done.stdout.count("\n")) == (1, 2)


def test_full_buffer_is_not_well(start: Start, ingest: FakeIngest) -> None:
    ingest.always = Reply(503)
    agent = start("--max-size", "200 KB")
    while agent.post([event(n) for n in range(20)]).status == 202:
        pass
    answer = agent.post([event(n) for n in range(20)])
    assert (answer.status, answer.document["code"]) == (507, "disk_full")
    assert int(answer.headers["Retry-After"]) > 0
    health = agent.health_answer()
    assert (health.status, health.document["status"]) == (503, "full")
