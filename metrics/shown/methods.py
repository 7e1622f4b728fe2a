"""What is set at a site and bears on its figures."""

from typing import Any

from common.instants import SECOND_MS
from metrics.shown.wording import DASH, confidence, duration, fixed, say
from workers.domain.master import MasterData, ShiftInfo

View = dict[str, Any]


def facts(master: MasterData) -> View:
    """In words."""
    limits = sorted({camera.state_ttl_ms // SECOND_MS for camera in master.cameras.values()})
    holds = [_exactly(limit) for limit in limits[:1] + limits[1:][-1:]]
    return {
        "shifts": [_shift(each) for each in master.shifts],
        "holds": " – ".join(holds) or DASH,
        "threshold": confidence(master.acceptance_threshold),
        "waiting": say("until_reviewed") if master.least_confidence else "",
    }


def _exactly(seconds: int) -> str:
    return say("seconds", s=fixed(seconds, 0)) if seconds % 60 else duration(seconds)


def _shift(shift: ShiftInfo) -> str:
    told = f"{shift.name}: {_clock(shift.start)}–{_clock(shift.end)}"
    breaks = ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in shift.breaks)
    return say("shift_breaks", shift=told, breaks=breaks) if breaks else told


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
