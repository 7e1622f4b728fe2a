"""Processes that end together, whatever they think of it."""

import signal
import sys
import time
from pathlib import Path

import pytest

from demo import children as module
from demo.children import ChildEndedError, Children
from tests.demo.processes import is_alive

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
PARENT = "import subprocess, sys, time; subprocess.Popen(['sleep', '60']); "
SAYS_SO = "open(sys.argv[1], 'w').close(); time.sleep(60)"


def python(code: str, *words: object) -> list[str]:
    return [sys.executable, "-c", f"import sys, time; {code}", *map(str, words)]


def wait_for(file: Path) -> None:
    give_up_at = time.monotonic() + 30
    while not file.exists() and time.monotonic() < give_up_at:
        time.sleep(0.02)
    assert file.exists()


def pids(children: Children) -> list[int]:
    return [child.pid for child in children._running.values()]


def test_leaving_the_block_ends_them(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        children.start("one", ["sleep", "60"])
        children.start("two", ["sleep", "60"])
        running = pids(children)
    assert len(running) == 2
    assert not [pid for pid in running if is_alive(pid)]


def test_who_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_S", 0.2)
    with Children(tmp_path) as children:
        children.start("stubborn", python(STUBBORN + SAYS_SO, tmp_path / "ready"))
        wait_for(tmp_path / "ready")
    assert children._running["stubborn"].returncode == -signal.SIGKILL


def test_their_own_children_end_with_them(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        children.start("parent", python(PARENT + SAYS_SO, tmp_path / "ready"))
        wait_for(tmp_path / "ready")
        (leader,) = pids(children)
        group = [pid for pid in _all() if _group_of(pid) == leader]
        assert len(group) == 2
    time.sleep(0.1)
    assert not [pid for pid in group if is_alive(pid)]


def test_the_end_of_one_is_said_with_its_exit_code(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        children.start("The other", ["sleep", "60"])
        children.start("The one", python("sys.exit(3)"))
        with pytest.raises(ChildEndedError, match=r"The one ended with exit code 3\."):
            children.wait()


def _all() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _group_of(pid: int) -> int:
    try:
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return 0
