"""Days on which a site's horizon moves while events arrive, reviewers speak and a ttl changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from events import retention
from events.horizon import move
from metrics.rebuild import rebuild_site
from tests.floor import HOUR, Floor
from tests.laws.logs import AS_OF, TTLS, Group, days, deliver_group, deliveries
from tests.laws.oracle import Oracle, Seen
from tests.laws.stored import Rows, expected_rows, stored_rows
from tests.laws.verdicts import Say, Told, say, sayings

BACK = 5 * HOUR
MARKS = range(AS_OF - BACK, AS_OF + HOUR, HOUR)  # AS_OF is a full hour


@dataclass(frozen=True)
class Move:
    """The site's horizon moves there, and so many steps of the removal follow."""

    horizon: int
    removals: int


@dataclass(frozen=True)
class Ttl:
    """A camera's word holds so long from now on."""

    camera: str
    ttl: int


Step = Group | Say | Move | Ttl


@st.composite
def retentions(draw: st.DrawFn, *, people: bool = False) -> list[Step]:
    """A log in any order, but nothing behind a horizon that has passed it.

    With people, words and new ttls come in between.
    """
    waiting: list[Seen] = draw(days(back=BACK))
    horizons = draw(st.lists(st.sampled_from(MARKS), min_size=1, max_size=3, unique=True))
    steps: list[Step] = []
    for horizon in sorted(horizons):
        now = [event for event in waiting if event.at < horizon or draw(st.booleans())]
        waiting = [event for event in waiting if event not in now]
        steps += _arriving(draw, now, people=people)
        steps.append(Move(horizon, draw(st.sampled_from((0, 1, 2, 1_000, 1_000)))))
    return steps + _arriving(draw, waiting, people=people)


def _arriving(draw: st.DrawFn, events: list[Seen], *, people: bool) -> list[Step]:
    steps: list[Step] = []
    for group in draw(deliveries(st.just(events))).groups:
        steps.append(group)
        if people and events:
            steps += draw(st.lists(_of_people(events), max_size=2))
    return steps


def _of_people(events: Sequence[Seen]) -> st.SearchStrategy[Say | Ttl]:
    ttls = st.builds(Ttl, st.sampled_from([*TTLS]), st.sampled_from((60_000, HOUR, 8 * HOUR)))
    return st.one_of(sayings(events), sayings(events), ttls)


@dataclass
class Kept:
    """What must be stored: frozen rows as they were, and what follows from all events since."""

    floor: Floor
    exclude: bool = False
    told: Told = field(default_factory=Told)
    ttls: dict[str, int] = field(default_factory=lambda: dict(TTLS))
    horizon: int = 0
    frozen: Rows = field(default_factory=lambda: Rows([], [], {}, {}))

    def take_all(self, steps: Sequence[Step]) -> None:
        """Lets all happen, one after the other."""
        for _ in self.taking(steps):
            pass

    def taking(self, steps: Sequence[Step]) -> Iterator[None]:
        """The same, with a halt after each."""
        for number, step in enumerate(steps):
            self._take(step, now=AS_OF + number)
            yield

    def _take(self, step: Step, *, now: int) -> None:
        if isinstance(step, Move):
            self._move(step)
        elif isinstance(step, Ttl):
            self._hold(step)
        elif isinstance(step, Say):
            said_of = tuple(event for event in step.events if event.at >= self.horizon)
            say(self.floor, self.told, replace(step, events=said_of), now_ms=now)
        else:
            deliver_group(self.floor, self.told.received, step, now=now)

    def check(self) -> None:
        """Every row is what it must be, and nothing has touched what is frozen."""
        stored, live = stored_rows(), self._following(self.horizon)
        live = _between(live, self.horizon, 2**62)
        assert stored.statuses == live.statuses
        assert stored.spans == sorted([*self.frozen.spans, *live.spans], key=repr)
        assert stored.buckets == self.frozen.buckets | live.buckets
        unions = self.frozen.workstation_buckets | live.workstation_buckets
        assert stored.workstation_buckets == unions

    def _following(self, horizon: int) -> Rows:
        counted = self.told.effective(exclude=self.exclude)
        return expected_rows(Oracle(counted, self.ttls, horizon=horizon))

    def _move(self, wanted: Move) -> None:
        site = self.floor.site
        site.refresh_from_db()
        now_ms = wanted.horizon + site.retention_days * 24 * HOUR
        move(site.pk, now_ms)
        removing = retention.remove_steps(site.pk)
        for _ in range(wanted.removals):
            next(removing, None)
        leaving = [e for e in self.told.received.values() if self.horizon <= e.at < wanted.horizon]
        if leaving:
            self._freeze(wanted.horizon)

    def _freeze(self, horizon: int) -> None:
        new = _between(self._following(horizon), self.horizon, horizon)
        self.frozen.spans += new.spans
        self.frozen.buckets |= new.buckets
        self.frozen.workstation_buckets |= new.workstation_buckets
        self.horizon = horizon

    def _hold(self, change: Ttl) -> None:
        self.ttls[change.camera] = change.ttl
        camera = self.floor.site.cameras.get(code=change.camera)
        camera.state_ttl_s = change.ttl // 1_000
        camera.save()
        rebuild_site(self.floor.site.pk)


def _between(rows: Rows, low: int, high: int) -> Rows:
    """The rows that begin in [low, high); statuses have no place in time."""
    return Rows(
        [row for row in rows.spans if low <= row[3] < high],
        rows.statuses,
        {key: row for key, row in rows.buckets.items() if low <= key[1] < high},
        {key: row for key, row in rows.workstation_buckets.items() if low <= key[1] < high},
    )
