"""The state timeline as pages draw it: a strip per worker, breaks and gaps named, units beside.

From spans, open tails and the sums of 5 minutes; never from raw events.
"""

from collections import defaultdict

from common.instants import FIVE_MINUTES_MS, HOUR_MS, ceil_to, floor_to, to_ms, to_rfc3339
from common.intervals import intersection
from metrics import tables
from metrics.domain.kpis import Record
from metrics.domain.strips import STATES, Day, Stretch, day_of, strip
from metrics.domain.sums import ADDED
from metrics.domain.timeline import Piece, Point, clip, joined
from metrics.models import Bucket, Grain
from metrics.queries.buckets import Corrections
from metrics.queries.question import Question
from metrics.queries.scene import scene, shifts
from metrics.windows import Window, WindowError
from workers.domain.calendar import instances
from workers.domain.master import WorkerInfo
from workers.models import Camera

LONGEST_MS = 26 * HOUR_MS  # a day on which the clocks go back; more is drawn a day at a time
_UNITS = ADDED.index("units")

Count = tuple[int, int, int]  # start of 5 minutes, units, workstation
Counts = dict[int, list[Count]]  # by worker


def is_drawn(window: Window) -> bool:
    """Whether strips are drawn of a window this long."""
    return window.end - window.start <= LONGEST_MS


def strips(question: Question) -> Record:
    """A strip of everybody who is scheduled or was seen. Raises WindowError."""
    if not is_drawn(question.window):
        raise WindowError("A timeline is drawn of at most 26 hours: take a day.")
    statuses = tables.statuses(worker.id for worker in question.workers)
    pieces, counts = _pieces(question, statuses), _counts(question, statuses)
    days = _days(question)
    found = [
        (worker, strip(pieces[worker.id], days[worker.id], question.window.interval))
        for worker in question.workers
    ]
    return {
        **scene(question),
        "axis_end": to_rfc3339(_axis_end(question)),
        "shifts": shifts(question),
        "states": list(STATES),
        "workstations": _workstations(question),
        "results": [
            _present(question, worker, stretches, counts[worker.id])
            for worker, stretches in found
            if stretches or counts[worker.id]
        ],
    }


def _pieces(question: Question, statuses: dict[int, Point]) -> dict[int, list[Piece]]:
    """What was seen of each worker in the window, narrowed to a workstation if one is asked for."""
    start, end = question.window.interval
    regions = [(worker.id, start - HOUR_MS, end, start + 1) for worker in question.workers]
    stored: dict[int, list[Piece]] = defaultdict(list, tables.pieces("worker_id", regions))
    for worker_id, tail in tables.tails(statuses, question.master.horizon_at).items():
        stored[worker_id].append(tail)
    asked = {station.id for station in question.workstations}
    is_narrowed = question.workstation_code is not None
    found: dict[int, list[Piece]] = defaultdict(list)
    for worker_id, pieces in stored.items():
        found[worker_id] = [
            piece
            for piece in joined(clip(pieces, start, end))
            if not is_narrowed or piece.workstation_id in asked
        ]
    return found


def _days(question: Question) -> dict[int, Day]:
    """Each worker's day; at one workstation it has no gaps, since others may stand there."""
    if question.workstation_code is not None:
        there = Day([], [], missed=[question.window.interval])
        return {worker.id: there for worker in question.workers}
    window = question.window
    found = instances(question.master, window.interval, shifts=window.shifts)
    closures = question.master.closures
    days = [
        day_of(scheduled, found, window=window.interval, closures=closures)
        for scheduled in question.schedules
    ]
    return {worker_id: days[cohort] for worker_id, cohort in question.cohort_of.items()}


def _counts(question: Question, statuses: dict[int, Point]) -> Counts:
    """Units in steps of 5 minutes, up to now."""
    sums = _stored_units(question)
    for (start, *places), row in Corrections(question, statuses).delta.rows.items():
        sums[start, *places] += row[_UNITS]
    asked = {station.id for station in question.workstations}
    found: Counts = defaultdict(list)
    for (start, worker_id, workstation_id), units in sorted(sums.items()):
        if units and workstation_id in asked:
            found[worker_id].append((start, units, workstation_id))
    return found


def _stored_units(question: Question) -> dict[tuple[int, ...], int]:
    start, end = question.window.interval
    rows = Bucket.objects.filter(
        site_id=question.master.site_id,
        grain=Grain.FIVE_MINUTES,
        start_at__gte=floor_to(start, FIVE_MINUTES_MS),
        start_at__lt=end,
        units__gt=0,
    )
    if question.worker_code is not None:
        rows = rows.filter(worker_id__in=[worker.id for worker in question.workers])
    sums: dict[tuple[int, ...], int] = defaultdict(int)
    for at, *places, units in rows.values_list("start_at", "worker_id", "workstation_id", "units"):
        sums[to_ms(at), *places] = units
    return sums


def _axis_end(question: Question) -> int:
    """Where the drawing ends: with a shift that still runs, so that strips keep their places."""
    window = question.window
    end = ceil_to(window.end, FIVE_MINUTES_MS)
    if window.period != "shift" or not window.reaches_now:
        return end
    running = instances(question.master, window.interval, shifts=window.shifts)
    return max([end, *(each.end for each in running if each.start < window.end < each.end)])


def _workstations(question: Question) -> list[Record]:
    """All of the site's, with the cameras that are assigned to them today and were active then."""
    master = question.master
    rows = Camera.objects.filter(site_id=master.site_id, workstations__isnull=False)
    assigned = set(rows.values_list("workstations", "code"))
    return [
        {
            "workstation_id": station.code,
            "name": station.name,
            "cameras": [
                camera.code
                for camera in master.cameras.values()
                if (station.id, camera.code) in assigned
                and intersection([question.window.interval], [camera.active])
            ],
        }
        for station in master.workstations.values()
    ]


def _present(
    question: Question,
    worker: WorkerInfo,
    stretches: list[Stretch],
    counts: list[Count],
) -> Record:
    """Numbers alone, since there are thousands: milliseconds from the window's start."""
    origin, numbers = question.window.start, _numbers(question)
    return {
        "worker_id": worker.code,
        "name": question.name_of(worker),
        "spans": [
            (
                each.start - origin,
                each.end - origin,
                STATES.index(each.state),
                numbers.get(each.workstation_id, -1),
            )
            for each in stretches
        ],
        "counts": [(start - origin, units, numbers[station]) for start, units, station in counts],
    }


def _numbers(question: Question) -> dict[int | None, int]:
    """The place of each workstation in the answer's list."""
    stations = question.master.workstations.values()
    return {station.id: number for number, station in enumerate(stations)}
