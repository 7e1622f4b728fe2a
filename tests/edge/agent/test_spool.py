"""Files in the spool folder: taken in once and whole, then done/ or failed/ with the reason."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edge.agent.outbox import Outbox
from edge.agent.shape import Event
from edge.agent.spool import Spool
from tests.edge.agent.agents import AgentHere, event
from tests.edge.agent.conftest import Start
from tests.edge.agent.fake_ingest import FakeIngest

LINES = "\n".join(json.dumps(event(n)) for n in range(1_200)) + "\n"


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


def drop(spool: Path, name: str, text: str, *, age: float = 10) -> Path:
    """A file that was written so many seconds ago."""
    path = spool / name
    path.write_text(text)
    os.utime(path, (time.time() - age,) * 2)
    return path


def wait_for(agent: AgentHere, path: Path) -> Path:
    agent.wait_until(path.exists)
    return path


def test_lines_are_taken_in(start: Start, ingest: FakeIngest, spool: Path) -> None:
    drop(spool, "shift.ndjson", LINES)
    agent = start("--spool", str(spool))
    ingest.wait_for_stored(1_200)
    wait_for(agent, spool / "done" / "shift.ndjson")


@pytest.mark.parametrize(
    "document", [event(), [event()], {"camera_id": "CAM-1", "events": [event()]}], ids=type
)
def test_documents_are_taken_in(
    start: Start, ingest: FakeIngest, spool: Path, document: object
) -> None:
    drop(spool, "one.json", json.dumps(document))
    agent = start("--spool", str(spool))
    ingest.wait_for_stored(1)
    wait_for(agent, spool / "done" / "one.json")


@pytest.mark.parametrize(
    "name, text, reason",
    [
        ("broken.json", "{", "Not JSON"),
        ("wrong.json", json.dumps([event(event_type="sleeping")]), "item 1: invalid"),
        ("half.ndjson", f"{json.dumps(event())}\nnonsense\n", "item 2: invalid: Not JSON"),
        ("big.json", " " * 5_000_001, "Too large"),
    ],
)
def test_file_that_is_wrong_is_kept_with_the_reason(
    start: Start, spool: Path, name: str, text: str, reason: str
) -> None:
    drop(spool, name, text)
    agent = start("--spool", str(spool))
    failed = wait_for(agent, spool / "failed" / name)
    assert reason in failed.with_name(f"{name}.reasons").read_text()


def test_good_items_of_a_wrong_file_are_taken(
    start: Start, ingest: FakeIngest, spool: Path
) -> None:
    drop(spool, "half.ndjson", f"{json.dumps(event(1))}\nnonsense\n{json.dumps(event(2))}\n")
    start("--spool", str(spool))
    ingest.wait_for_stored(2)


def test_events_without_a_time_have_that_of_the_file(
    start: Start, ingest: FakeIngest, spool: Path
) -> None:
    untimed = event()
    del untimed["timestamp"]
    path = drop(spool, "one.json", json.dumps(untimed))
    os.utime(path, (1_768_472_100, 1_768_472_100))
    start("--spool", str(spool))
    assert ingest.wait_for_stored(1)[0]["timestamp"] == "2026-01-15T10:15:00.000Z"


@pytest.mark.parametrize("name", ["notes.txt", ".hidden.json", "half.json.tmp"])
def test_other_files_are_left_alone(
    start: Start, ingest: FakeIngest, spool: Path, name: str
) -> None:
    drop(spool, name, json.dumps(event(1)))
    drop(spool, "z.json", json.dumps(event(2)))
    agent = start("--spool", str(spool))
    wait_for(agent, spool / "done" / "z.json")
    assert (spool / name).exists()


def test_file_that_is_still_written_is_left_for_later(
    start: Start, ingest: FakeIngest, spool: Path
) -> None:
    start("--spool", str(spool))
    path = drop(spool, "now.json", json.dumps(event()), age=-5)
    time.sleep(0.2)
    assert path.exists()


def test_file_of_the_same_name_replaces_none(start: Start, spool: Path) -> None:
    drop(spool, "a.json", json.dumps(event(1)))
    agent = start("--spool", str(spool))
    wait_for(agent, spool / "done" / "a.json")
    drop(spool, "a.json", json.dumps(event(2)))
    wait_for(agent, spool / "done" / "a-2.json")


def test_half_a_file_is_gone_on_with_after_a_crash(
    start: Start, ingest: FakeIngest, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even of events without a time none is there twice."""
    untimed = [event(worker_id=f"W{n}") for n in range(1_200)]
    for each in untimed:
        del each["timestamp"]
    drop(spool, "shift.ndjson", "".join(json.dumps(each) + "\n" for each in untimed))
    agent = start()
    reader = Spool(spool, agent.agent.server.intake)
    reader.prepare()
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "put", crashing_at(2))
        with pytest.raises(CrashError):
            reader.take_all()
    agent.end()
    start("--spool", str(spool))
    ingest.wait_for_stored(1_200)
    assert sum(ingest.batches()) == 1_200


class CrashError(Exception):
    pass


def crashing_at(number: int) -> Callable[..., None]:
    """Keeps what it was given, and at that call nobody learns of it."""
    put, calls = Outbox.put, []

    def crashing(self: Outbox, *events: Event, **more: Any) -> None:
        put(self, *events, **more)
        calls.append(len(events))
        if len(calls) == number:
            raise CrashError

    return crashing
