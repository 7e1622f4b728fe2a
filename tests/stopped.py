"""A SQLite file as a power cut leaves it: copied while the programs that write to it stand still.

What they have handed to the system counts as written.
"""

import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

STOPPED = {"T", "t", "Z", "X"}
FILES = ("", "-wal")  # the index beside them lives in memory


@contextmanager
def stopped(pids: Iterable[int]) -> Iterator[None]:
    """No thread of the processes does anything meanwhile."""
    pids = list(pids)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        while not all(_is_stopped(pid) for pid in pids):
            time.sleep(0.001)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def copied(database: Path, folder: Path) -> Path:
    """A folder's copy; it replaces an earlier one."""
    copy = folder / database.name
    for ending in (*FILES, "-shm"):
        copy.with_name(copy.name + ending).unlink(missing_ok=True)
    for ending in FILES:
        file = database.with_name(database.name + ending)
        if file.exists():
            shutil.copyfile(file, copy.with_name(copy.name + ending))
    return copy


def _is_stopped(pid: int) -> bool:
    tasks = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(task.read_text().rpartition(")")[2].split()[0] in STOPPED for task in tasks)
