"""The demo factory: its people, workstations, cameras and shifts.

Six workers man six workstations in two shifts of twelve hours, so that the demo moves at any hour:
each holds both shifts, which is more than people can do. Halfway through a shift the first and the
last change places. The seventh of each is for an event sent by hand: nobody simulates it.
"""

from datetime import time

from demo.domain.plan import Plan, Post, Shift, Station, Stretch

SITE_CODE = "F1"
SITE_NAME = "Demo factory"
MODEL_VERSION = "yolo-11s@2026-03"
REPORTING_INTERVAL_S = 30
STATE_TTL_S = 3 * REPORTING_INTERVAL_S


def _hours(start: str, end: str) -> Stretch:
    return Stretch(time.fromisoformat(start), time.fromisoformat(end))


def _posts(start: str, swap: str, end: str) -> tuple[Post, ...]:
    """Each worker at their own workstation; W1 and W6 swap at a time."""
    return (
        Post("W1", "S1", _hours(start, swap)),
        Post("W1", "S6", _hours(swap, end)),
        *(Post(f"W{n}", f"S{n}", _hours(start, end)) for n in (2, 3, 4, 5)),
        Post("W6", "S6", _hours(start, swap)),
        Post("W6", "S1", _hours(swap, end)),
    )


EARLY = Shift(
    "Early",
    _hours("06:00", "18:00"),
    (_hours("08:30", "08:45"), _hours("12:00", "12:30"), _hours("15:30", "15:45")),
    _posts("06:00", "14:00", "18:00"),
)
LATE = Shift(
    "Late",
    _hours("18:00", "06:00"),
    (_hours("20:45", "21:00"), _hours("00:30", "01:00"), _hours("03:45", "04:00")),
    _posts("18:00", "02:00", "06:00"),
)
NAMES = ["Ana", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus"]

PLAN = Plan(
    time_zone="Europe/Berlin",
    workers={f"W{n}": name for n, name in enumerate(NAMES, start=1)},
    stations=(
        Station("S1", "Saw", "Cutting", "CAM-1", cycle_s=24, target_per_hour=120),
        Station("S2", "Mill", "Milling", "CAM-2", cycle_s=32, target_per_hour=90),
        Station("S3", "Welding booth", "Welding", "CAM-3", cycle_s=55, target_per_hour=45),
        Station("S4", "Assembly bench", "Assembly", "CAM-4", cycle_s=38, target_per_hour=75),
        Station("S5", "Test bench", "Inspection", "CAM-5", cycle_s=28, target_per_hour=75),
        Station("S6", "Packing table", "Packing", "CAM-6", cycle_s=44, target_per_hour=64),
        # No target: an empty bench is no bottleneck.
        Station("S7", "Rework bench", "Rework", "CAM-7", cycle_s=60),
    ),
    shifts=(EARLY, LATE),
    slow={"W5": 1.6},
    starved="S3",
    failing_camera="CAM-4",
    sinking_camera="CAM-6",
    dusty_camera="CAM-2",
)
