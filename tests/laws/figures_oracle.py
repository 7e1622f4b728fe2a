"""The figures of a window, slowly and obviously: integrals over the oracle's timeline.

By the formulas of DOMAIN.md §4.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import astuple, dataclass, fields

from tests.laws.oracle import FIVE_MINUTES, HOUR, MINUTE, Oracle, Piece, Seen, Sums, full_marks
from tests.laws.oracle import who_is_here as who_is_there

Record = dict[str, object]
Schedule = Collection[int]  # minutes since 1970
PRESENT = {"working", "idle"}


@dataclass
class Figures:
    """What a reader is told about [start, end), where `end` is also the moment of the answer."""

    oracle: Oracle
    start: int
    end: int
    schedule: Schedule
    schedules: dict[str, Schedule]  # of every worker who is asked about
    targets: dict[str, float]  # per hour, of every workstation
    anonymous: frozenset[str] = frozenset()  # of the workers

    # --- base quantities ------------------------------------------------------------------------

    def events(self, worker: str) -> list[Seen]:
        return [
            e for e in self.oracle.counted if e.worker == worker and self.start <= e.at < self.end
        ]

    def pieces(self, worker: str) -> list[Piece]:
        """Cut so finely that each lies inside or outside of scheduled time."""
        marks = full_marks(self.start, self.end, FIVE_MINUTES)
        return list(self.oracle.pieces(worker, self.start, self.end, marks))

    def sums(
        self,
        workers: Iterable[str],
        schedule_of: Callable[[str], Schedule],
        is_asked: Callable[[Seen], bool] = lambda _event: True,
    ) -> tuple[Sums, Sums]:
        """In scheduled time, and out of it."""
        both = (Sums(), Sums())
        for worker in workers:
            schedule = schedule_of(worker)
            for event in filter(is_asked, self.events(worker)):
                self.oracle.count(event, both[event.at // MINUTE not in schedule])
            for piece in (each for each in self.pieces(worker) if is_asked(each.event)):
                sums = both[piece.start // MINUTE not in schedule]
                sums.add(**{f"{piece.event.kind}_ms": piece.length})
        return both

    def scheduled_ms(self, schedule: Schedule) -> int:
        """Scheduled minutes up to now; the last one may have begun only."""
        inside = range(self.start // MINUTE, -(-self.end // MINUTE))
        minutes = [minute for minute in inside if minute in schedule]
        beyond = (minutes[-1] + 1) * MINUTE - self.end if minutes else 0
        return len(minutes) * MINUTE - max(0, beyond)

    # --- records --------------------------------------------------------------------------------

    def worker(self, worker: str) -> Record:
        inside, outside = self.sums([worker], self.schedules.__getitem__)
        state, since = self.now(worker)
        return {
            "worker_id": worker,
            "state": state,
            "since": since,
            **record(inside, outside, self.scheduled_ms(self.schedules[worker])),
        }

    @property
    def known(self) -> dict[str, Schedule]:
        return {code: own for code, own in self.schedules.items() if code not in self.anonymous}

    def pooled(self) -> Record:
        """Of those who are known; all that was made."""
        inside, outside = self.sums(self.known, self.schedules.__getitem__)
        made, more = self.sums(self.schedules, self.schedules.__getitem__)
        return {
            **record(inside, outside, sum(map(self.scheduled_ms, self.known.values()))),
            "units": made.units,
            "units_unscheduled": more.units,
        }

    def factory(self) -> Record:
        states = [self.now(worker)[0] for worker in self.known]
        own = [self.worker(worker)["utilization_pct"] for worker in self.known]
        known = [float(value) for value in own if isinstance(value, int | float)]
        minute = self.end // MINUTE
        return {
            **self.pooled(),
            "utilization_mean_pct": sum(known) / len(known) if known else None,
            "workers_present": sum(state in PRESENT for state in states),
            "workers_scheduled": sum(minute in each for each in self.known.values()),
        }

    def station(self, station: str) -> Record:
        inside, outside = self.sums(
            self.schedules,
            lambda _worker: self.schedule,
            lambda event: event.workstation == station,
        )
        scheduled = self.scheduled_ms(self.schedule)
        present, working = self.any_ms(station)
        hours = scheduled / HOUR * self.targets[station]
        unknown = ("unknown_ms", "coverage_pct", "utilization_low_pct", "utilization_high_pct")
        return {
            "workstation_id": station,
            **record(inside, outside, scheduled),
            **dict.fromkeys(unknown),
            "present_any_ms": present,
            "working_any_ms": working,
            "occupancy_pct": percent(present, scheduled),
            "availability_pct": percent(working, scheduled),
            "target_attainment_pct": percent(inside.units, hours),
        }

    def any_ms(self, station: str) -> tuple[int, int]:
        """Scheduled clock time with anybody present, and with anybody working."""
        pieces = [
            p for w in self.schedules for p in self.pieces(w) if p.event.workstation == station
        ]
        present = working = 0
        for start, end, kinds in who_is_there(pieces):
            if start // MINUTE in self.schedule:
                present += (end - start) * bool(kinds & PRESENT)
                working += (end - start) * ("working" in kinds)
        return present, working

    # --- now and then ---------------------------------------------------------------------------

    def now(self, worker: str) -> tuple[str, int | None]:
        """What the worker does at the end of the window, and since when."""
        event = self.oracle.in_force(worker, self.end)
        runs = self.runs(worker, 0, self.end + 1)
        if event:
            return event.kind, runs[-1][2]
        return "unknown", runs[-1][3] if runs else None

    def runs(self, worker: str, start: int, end: int) -> list[tuple[str, str, int, int]]:
        """(workstation, state, start, end): what touches and is alike is one."""
        found: list[tuple[str, str, int, int]] = []
        for piece in self.oracle.pieces(worker, start, end):
            name = (piece.event.workstation, piece.event.kind)
            if found and found[-1][:2] == name and found[-1][3] == piece.start:
                found[-1] = (*name, found[-1][2], piece.end)
            else:
                found.append((*name, piece.start, piece.end))
        return found

    def timeline(self) -> list[tuple[str, str, str, int, int]]:
        return [
            (worker, *run)
            for worker in self.schedules
            for run in self.runs(worker, self.start, self.end)
        ]


def record(inside: Sums, outside: Sums, scheduled: int) -> Record:
    """The KPI record of DOMAIN.md §4 and CONTRACT.md."""
    working, idle, absent = inside.working_ms, inside.idle_ms, inside.absent_ms
    observed = working + idle + absent
    states = inside.working_events + inside.idle_events + inside.absent_events
    every = states + inside.count_events
    names = ("working_ms", "idle_ms", "absent_ms", "working_events", "idle_events")
    names += ("absent_events", "count_events", "units", "late_events", "overruled_events")
    return {
        **{name: getattr(inside, name) for name in names},
        "unknown_ms": scheduled - observed,
        "scheduled_ms": scheduled,
        "unscheduled_ms": outside.working_ms + outside.idle_ms,
        "units_unscheduled": outside.units,
        "newest_event_at": max(inside.newest_event_at, outside.newest_event_at) or None,
        "utilization_pct": percent(working, observed),
        "utilization_low_pct": percent(working, scheduled),
        "utilization_high_pct": percent(working + scheduled - observed, scheduled),
        "coverage_pct": percent(observed, scheduled),
        "utilization_event_pct": percent(inside.working_events, states),
        "utilization_event_all_pct": percent(inside.working_events, every),
        "presence_pct": percent(working + idle, observed),
        "active_pct": percent(working, working + idle),
        "units_per_hour": ratio(inside.units * HOUR, working + idle),
        "units_per_working_hour": ratio(inside.units * HOUR, working),
        "units_per_scheduled_hour": ratio(inside.units * HOUR, scheduled),
        "confidence_avg": ratio(inside.confidence_sum / 10_000, inside.confidence_events),
        "low_confidence_pct": percent(inside.low_confidence_events, inside.confidence_events),
        "late_pct": percent(inside.late_events, every),
        "lag_avg_s": ratio(inside.lag_ms_sum / 1_000, every),
    }


def percent(part: float, whole: float) -> float | None:
    return ratio(100 * part, whole)


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def added(rows: Iterable[Sums]) -> Sums:
    """The sums of several rows."""
    names = [field.name for field in fields(Sums)]
    columns = zip(*map(astuple, rows), strict=True)
    return Sums(**dict(zip(names, map(sum, columns), strict=True)))
