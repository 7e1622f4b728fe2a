"""What processes and their descendants take of processor and memory, as Linux counts it."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # in a second

Seconds = dict[str, float]  # by group


def cpu_seconds(groups: Mapping[str, Iterable[int]]) -> Seconds:
    """What each group's processes and all their descendants have taken so far."""
    return {
        name: sum(_taken(pid) for first in pids for pid in _family(first))
        for name, pids in groups.items()
    }


def between(before: Seconds, after: Seconds) -> Seconds:
    """What each group took from one moment to the other."""
    return {name: after[name] - before.get(name, 0.0) for name in after}


def peak_mb(pid: int) -> float:
    """The most memory that each of a process and its descendants has held, added up."""
    return sum(map(_peak_kb, _family(pid))) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _taken(pid: int) -> float:
    """Of one process, with those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # ended just now
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def _peak_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
