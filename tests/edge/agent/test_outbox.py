"""The buffer as a library: durable, bounded, and never the end of the agent."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from edge.agent.buffer import DROP_OLDEST, Room
from edge.agent.journal import Journal
from edge.agent.outbox import NoRoomError, Outbox, OutboxError, UnusableError
from edge.agent.shape import Event, check
from tests.edge.agent.agents import event

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SMALL = Room(max_bytes=300_000)
Open = Callable[..., Outbox]


def made(n: int = 0, **more: Any) -> Event:
    checked = check(event(n, **more), now=NOW)
    assert isinstance(checked, Event)
    return checked


def moments(outbox: Outbox, limit: int = 100_000) -> list[str]:
    return [json.loads(line)["timestamp"] for _, line in outbox.oldest(limit)]


@pytest.fixture
def said() -> StringIO:
    return StringIO()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "buffer.sqlite3"


@pytest.fixture
def opened(path: Path, said: StringIO) -> Iterator[Open]:
    """Opens the outbox; all are closed when the test ends."""
    outboxes: list[Outbox] = []

    def opened(**more: Any) -> Outbox:
        outboxes.append(Outbox(path, journal=Journal(said), **more))
        return outboxes[-1]

    yield opened
    for each in outboxes:
        each.close()


@pytest.fixture
def outbox(opened: Open) -> Outbox:
    return opened()


def test_put_event_is_in_the_file(outbox: Outbox, path: Path) -> None:
    outbox.put(made())
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM event").fetchone() == (1,)


def test_file_is_synchronous_and_written_ahead(outbox: Outbox, path: Path) -> None:
    own = outbox._vault.buffer._database
    assert own.execute("PRAGMA synchronous").fetchone() == (2,)
    assert own.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_events_come_out_in_order(outbox: Outbox) -> None:
    outbox.put(*(made(n) for n in range(10)))
    assert moments(outbox) == [event(n)["timestamp"] for n in range(10)]


def test_newest_come_in_order_too(outbox: Outbox) -> None:
    outbox.put(*(made(n) for n in range(10)))
    assert [id_ for id_, _ in outbox.newest(3, after=0)] == [8, 9, 10]
    assert [id_ for id_, _ in outbox.newest(3, after=9)] == [10]


def test_callers_share_commits(outbox: Outbox) -> None:
    def put() -> None:
        for n in range(20):
            outbox.put(made(n))

    before = threads = [threading.Thread(target=put) for _ in range(8)]
    for each in threads:
        each.start()
    for each in before:
        each.join()
    assert outbox.waiting == 160
    assert outbox.sequences() == {"CAM-1": 160}


def test_ids_are_never_given_twice(outbox: Outbox) -> None:
    """Else what is on its way could be taken away in the name of another event."""
    outbox.put(made(1))
    outbox.settle([1])
    outbox.put(made(2))
    assert outbox.oldest(1)[0][0] == 2


def test_figures_survive_a_restart(opened: Open) -> None:
    first = opened()
    first.put(made(1), made(2))
    first.settle([1], accepted=1)
    first.close()
    assert opened().figures() == {"put": 2, "waiting": 1, "accepted": 1}


def test_two_agents_can_t_share_a_buffer(outbox: Outbox, opened: Open) -> None:
    with pytest.raises(UnusableError, match="Another agent uses the buffer"):
        opened()


def test_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="No such file"):
        Outbox(tmp_path / "nowhere" / "buffer.sqlite3")


def test_closed_buffer_takes_nothing(outbox: Outbox) -> None:
    outbox.close()
    with pytest.raises(OutboxError):
        outbox.put(made())


# --- bounded -------------------------------------------------------------------------------------


def fill(outbox: Outbox, count: int = 3_000) -> int:
    """How many fitted, fifty at a time."""
    for n in range(0, count, 50):
        try:
            outbox.put(*(made(each) for each in range(n, n + 50)))
        except NoRoomError:
            return n
    return count


def size_of(path: Path) -> int:
    return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))


def test_full_buffer_refuses_new_events(opened: Open) -> None:
    outbox = opened(room=SMALL)
    fitted = fill(outbox)
    assert 500 < fitted < 3_000
    assert outbox.waiting == fitted


def test_refused_put_keeps_none_of_its_events(opened: Open) -> None:
    outbox = opened(room=SMALL)
    fitted = fill(outbox)
    with pytest.raises(NoRoomError):
        outbox.put(*(made(n) for n in range(500)))
    assert outbox.waiting == fitted


def test_room_that_is_freed_is_used(opened: Open) -> None:
    outbox = opened(room=SMALL)
    fitted = fill(outbox)
    outbox.settle([row[0] for row in outbox.oldest(fitted)])
    assert fill(outbox) >= fitted - 100


def test_file_stays_within_its_bound(opened: Open, path: Path) -> None:
    outbox = opened(room=SMALL)
    fill(outbox)
    outbox.close()
    assert size_of(path) <= SMALL.max_bytes


def test_full_buffer_drops_the_oldest_and_counts_them(opened: Open) -> None:
    outbox = opened(room=Room(SMALL.max_bytes, DROP_OLDEST))
    assert fill(outbox) == 3_000
    figures = outbox.figures()
    assert figures["dropped"] > 500
    assert figures["dropped"] + figures["waiting"] == 3_000
    assert moments(outbox)[-1] == event(2_999)["timestamp"]


def test_dropping_leaves_a_gap_in_the_numbers(opened: Open) -> None:
    outbox = opened(room=Room(SMALL.max_bytes, DROP_OLDEST))
    fill(outbox)
    first = json.loads(outbox.oldest(1)[0][1])
    assert first["seq"] == outbox.figures()["dropped"] + 1


def test_nothing_is_dropped_for_what_can_never_fit(opened: Open) -> None:
    outbox = opened(room=Room(SMALL.max_bytes, DROP_OLDEST))
    outbox.put(made())
    with pytest.raises(NoRoomError):
        outbox.put(*(made(n) for n in range(2_000)))
    assert (outbox.waiting, outbox.figures().get("dropped", 0)) == (1, 0)


def test_one_that_does_not_fit_fails_no_other(opened: Open) -> None:
    """Whoever shares a commit with it."""
    outbox = opened(room=SMALL)
    outcomes: list[str] = []

    def put(count: int) -> None:
        try:
            outbox.put(*(made(n) for n in range(count)))
            outcomes.append("kept")
        except NoRoomError:
            outcomes.append("no room")

    threads = [threading.Thread(target=put, args=(n,)) for n in (2_000, 1, 1, 1, 2_000, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["kept"] * 4 + ["no room"] * 2


def test_dead_letters_are_bounded(opened: Open) -> None:
    outbox = opened(room=Room(max_dead=5))
    for n in range(8):
        outbox.bury("{}", code="invalid", detail=str(n))
    assert [detail for _, _, detail, _ in outbox.dead()] == ["7", "6", "5", "4", "3"]
    assert (outbox.figures()["refused"], outbox.figures()["forgotten"]) == (8, 3)


# --- broken --------------------------------------------------------------------------------------


def broken_files(path: Path) -> list[Path]:
    return sorted(
        each for each in path.parent.glob(f"{path.name}.broken*") if each.name[-4:-3] != "-"
    )


def filled(opened: Open, count: int = 2_000) -> None:
    outbox = opened()
    outbox.put(*(made(n) for n in range(count)))
    outbox.close()


def overwrite(path: Path, begin: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(b"\xa5" * size)


@pytest.mark.parametrize(
    "content", [b"x" * 5_000, b"SQLite format 3\0" + b"\xff" * 5_000], ids=["text", "half a header"]
)
def test_file_that_is_no_database_is_moved_aside(
    opened: Open, path: Path, said: StringIO, content: bytes
) -> None:
    path.write_bytes(content)
    outbox = opened()
    outbox.put(made())
    assert outbox.waiting == 1
    assert broken_files(path)[0].read_bytes() == content
    assert json.loads(said.getvalue().splitlines()[0])["event"] == "buffer_broken"


def test_empty_file_is_a_new_buffer(opened: Open, path: Path) -> None:
    path.touch()
    opened().put(made())


def test_whole_pages_of_a_broken_file_are_saved(opened: Open, path: Path, said: StringIO) -> None:
    """A bad block in the middle: the events before and behind it go on their way."""
    filled(opened)
    overwrite(path, path.stat().st_size // 2 // 4_096 * 4_096, 3 * 4_096)
    outbox = opened()
    outbox.oldest(5_000)
    assert outbox.broken == 1
    saved = moments(outbox)
    assert 1_500 < len(saved) < 2_000
    assert len(set(saved)) == len(saved)
    assert outbox.waiting == len(saved)
    assert json.loads(said.getvalue().splitlines()[-1])["events"] == len(saved)


def test_events_are_taken_after_the_file_broke(opened: Open, path: Path) -> None:
    filled(opened)
    overwrite(path, 4_096, 10 * 4_096)
    outbox = opened()
    for n in range(5_000, 5_050):
        outbox.put(made(n))
    outbox.oldest(10_000)
    assert event(5_049)["timestamp"] in moments(outbox)


def test_new_file_starts_its_numbers_anew_and_says_so(opened: Open, path: Path) -> None:
    outbox = opened()
    outbox.put(made(1))
    run = json.loads(outbox.oldest(1)[0][1])["seq_run"]
    outbox.close()
    path.write_bytes(b"x" * 5_000)
    outbox = opened()
    outbox.put(made(2))
    first = json.loads(outbox.oldest(1)[0][1])
    assert (first["seq"], first["seq_run"] == run) == (1, False)


def test_broken_file_is_saved_from_once(opened: Open, path: Path) -> None:
    filled(opened)
    overwrite(path, path.stat().st_size // 2 // 4_096 * 4_096, 4_096)
    outbox = opened()
    outbox.oldest(5_000)
    saved = outbox.waiting
    outbox.settle([row[0] for row in outbox.oldest(5_000)])
    outbox.close()
    assert saved
    assert opened().waiting == 0


# --- a clock that is set back --------------------------------------------------------------------


def test_clock_set_back_changes_no_order(opened: Open) -> None:
    outbox = opened(clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    outbox.put(made(5))
    outbox.put(made(1))
    assert moments(outbox) == [event(5)["timestamp"], event(1)["timestamp"]]
