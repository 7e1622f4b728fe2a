"""The command as a person runs it, against a real server, until it is stopped."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.__main__ import main
from tests.edge.fake_server import FakeServer, Reply
from tests.edge.plans import camera, document_of, duty

ROOT = Path(__file__).parents[2]


CAMERAS = {f"CAM-{n}" for n in range(1, 7)}


@dataclass(frozen=True)
class Run:
    """A run that was stopped by a signal, and how it ended."""

    exit_code: int
    output: str
    errors: str
    seconds_to_end: float


def run_until(
    is_reached: Callable[[], bool],
    server: FakeServer,
    *words: str,
    number: signal.Signals = signal.SIGINT,
) -> Run:
    """Runs the command against the server until something is reached there."""
    command = [sys.executable, "-m", "edge", "simulate", "--url", server.url, *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            server.wait_until(is_reached)
        finally:
            stopped_at = time.monotonic()
            process.send_signal(number)
            output, errors = process.communicate(timeout=10)
    return Run(process.returncode, output, errors, time.monotonic() - stopped_at)


@pytest.fixture(scope="module")
def busy() -> Iterator[tuple[FakeServer, Run]]:
    """A run of six cameras that went on until all were seen and a unit was finished."""
    server = FakeServer()

    def has_seen_enough() -> bool:
        kinds = {event["event_type"] for event in server.events()}
        return "product_count" in kinds and seen_cameras(server) >= CAMERAS

    yield server, run_until(has_seen_enough, server, "--key", "secret", "--speed", "60")
    server.stop()


Busy = tuple[FakeServer, Run]


def seen_cameras(server: FakeServer) -> set[str]:
    return {event["camera_id"] for event in server.events()}


def test_six_cameras_report(busy: Busy) -> None:
    assert seen_cameras(busy[0]) == CAMERAS


def test_signal_ends_it_well(busy: Busy) -> None:
    assert (busy[1].exit_code, busy[1].errors) == (0, "")


def test_last_line_sums_up(busy: Busy) -> None:
    server, run = busy
    count = len(server.events())

    assert run.output == f"sent {count}, accepted {count}, duplicate 0, refused 0\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_soon(server: FakeServer, number: signal.Signals) -> None:
    run = run_until(lambda: bool(server.requests), server, "--key", "secret", number=number)

    assert run.seconds_to_end < 3


def test_plan_is_obeyed(server: FakeServer, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document_of(camera(9, duty("W9", "00:00", "00:00")))))
    run_until(lambda: bool(server.requests), server, "--plan", str(plan))

    assert {(one["worker_id"], one["workstation_id"]) for one in server.events()} == {("W9", "S9")}


@pytest.fixture(scope="module")
def shut_out() -> Run:
    """A run of six cameras that went on until each had been told that the key is not accepted."""
    server = FakeServer()
    server.always = Reply(401)
    run = run_until(lambda: seen_cameras(server) == CAMERAS, server, "--key", "secret")
    server.stop()
    return run


def test_gateway_key_that_is_not_accepted_is_said_once_for_all_cameras(shut_out: Run) -> None:
    assert shut_out.errors.count("does not accept the ingest key") == 1


def test_what_could_not_be_sent_is_in_the_summary(shut_out: Run) -> None:
    assert shut_out.output == "sent 0, accepted 0, duplicate 0, refused 0, unsent 6\n"


def test_duration_ends_it() -> None:
    words = ["--url", "http://127.0.0.1:1", "--key", "secret", "--duration", "0.01"]
    command = [sys.executable, "-m", "edge", "simulate", *words]

    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=10)


@pytest.mark.parametrize(
    "words, complaint",
    [
        pytest.param([], "give --key once, or 6 times", id="no key"),
        pytest.param(["--key", "a", "--key", "b"], "give --key once, or 6 times", id="two of six"),
        pytest.param(["--key", "a", "--url", "nowhere"], "is not an address", id="address"),
        pytest.param(
            ["--plan", "a", "--key", "a", "--key", "b"],
            "one --key is enough",
            id="plan and two keys",
        ),
        pytest.param(["--plan", "nowhere.json"], "cannot read the plan nowhere.json", id="plan"),
        pytest.param(["--key", "a", "--speed", "0"], "0 is not above 0", id="speed"),
        pytest.param(["--key", "a", "--cameras", "0"], "0 is not a number from 1 on", id="cameras"),
        pytest.param(["--key", "a", "--duration", "nan"], "not a finite number", id="duration"),
        pytest.param(["--key", "a", "--duration", "-1"], "-1 is below 0", id="no time"),
    ],
)
def test_wrong_use_is_said_and_nothing_runs(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of(words) == 2
    assert complaint in capsys.readouterr().err


def exit_code_of(words: list[str]) -> object:
    try:
        return main(["simulate", *words])
    except SystemExit as stop:  # so argparse ends
        return stop.code
