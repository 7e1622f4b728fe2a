"""What the server's processes take of the machine, for /metrics. Linux tells it in /proc."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from prometheus_client.core import CounterMetricFamily

from common.release import release
from common.telemetry import Metric, gauge

PROC = Path("/proc")


def collect(_now_ms: int) -> Iterator[Metric]:
    """Summed over the processes of this server that answer requests, and the disk of its data."""
    yield gauge("factory_release_info", "Which release answers.", {release(): 1}, "release")
    disk = shutil.disk_usage(settings.DATA_DIR)
    yield gauge("factory_data_disk_free_bytes", "Room left where DATA_DIR is.", disk.free)
    yield gauge("factory_data_disk_size_bytes", "The size of that disk.", disk.total)
    if PROC.is_dir():
        yield from _processes()


def _processes() -> Iterator[Metric]:
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    seconds, memory, files, pids = 0.0, 0, 0, _pids()
    for pid in pids:
        try:
            stat = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
            memory += int(stat[21]) * page
            seconds += (int(stat[11]) + int(stat[12])) / ticks
            files += len(list((PROC / str(pid) / "fd").iterdir()))
        except OSError:  # it has just ended
            continue
    cpu = "process_cpu_seconds"
    yield CounterMetricFamily(cpu, "Processor time of the server's processes.", value=seconds)
    yield gauge("process_resident_memory_bytes", "Memory of the server's processes.", memory)
    yield gauge("process_open_fds", "Open files and sockets of the server's processes.", files)
    yield gauge("factory_server_processes", "How many answer requests.", len(pids))


def _pids() -> list[int]:
    """Our own, and under `manage.py serve` those of its neighbours, which bear the same name."""
    own, parent = os.getpid(), os.getppid()
    if not settings.TELEMETRY_FOLDER:
        return [own]
    mine = (PROC / str(own) / "cmdline").read_bytes()
    siblings = (PROC / str(parent) / "task" / str(parent) / "children").read_text().split()
    return [int(pid) for pid in siblings if _command_line(pid) == mine]


def _command_line(pid: str) -> bytes:
    try:
        return (PROC / pid / "cmdline").read_bytes()
    except OSError:
        return b""
