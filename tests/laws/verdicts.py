"""Days on which reviewers speak while events arrive, and what counts then: from DOMAIN.md 2.9."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from common.instants import to_datetime
from events import verdicts
from events.domain.verdict import Word
from events.models import Event
from tests.floor import MINUTE, Floor
from tests.laws.logs import AS_OF, Group, days, deliver_group, deliveries, key
from tests.laws.oracle import Seen
from workers.models import User

REVIEWERS = ("rosa", "kim")
THRESHOLD = 0.6


@dataclass(frozen=True)
class Say:
    """A reviewer says a word of some events; without a word they take theirs back."""

    reviewer: str
    events: tuple[Seen, ...]
    word: Word | None


@dataclass(frozen=True)
class Story:
    """What happens, in order: batches arrive and reviewers speak."""

    steps: list[Group | Say]

    @property
    def events(self) -> list[Seen]:
        return [e for step in self.steps if isinstance(step, list) for b in step for e in b]


def words() -> st.SearchStrategy[Word]:
    plain = st.builds(Word, st.sampled_from(("confirmed", "rejected", "unclear")))
    corrected = st.builds(
        Word,
        st.just("relabelled"),
        st.sampled_from((None, "working", "idle", "absent", "product_count")),
        st.sampled_from((None, "W1", "W2", "W3")),
        st.sampled_from((None, None, "S1", "S2")),
        st.sampled_from((None, None, 3)),
    )
    return st.one_of(plain, corrected, corrected)


def sayings(events: Sequence[Seen], reviewers: Sequence[str] = REVIEWERS) -> st.SearchStrategy[Say]:
    some = st.lists(st.sampled_from(events), min_size=1, max_size=4, unique=True).map(tuple)
    word = st.one_of(words(), words(), words(), st.none())
    return st.builds(Say, st.sampled_from(reviewers), some, word)


@st.composite
def stories(draw: st.DrawFn, log: st.SearchStrategy[list[Seen]] | None = None) -> Story:
    """A delivery with words between its groups, also of events that have not come yet."""
    crowded = days(back=5 * MINUTE, ahead=MINUTE)  # many at one instant
    delivery = draw(deliveries(st.one_of(days(), crowded) if log is None else log))
    steps: list[Group | Say] = []
    for group in delivery.groups:
        steps.append(group)
        if delivery.events:
            steps += draw(st.lists(sayings(delivery.events), max_size=2))
    if delivery.events:
        steps += draw(st.lists(sayings(delivery.events), max_size=6))
    return Story(steps)


@dataclass
class Told:
    """What has happened so far, and what stands: by event, what each reviewer says, newest last."""

    received: dict[tuple, Seen] = field(default_factory=dict)
    standing: dict[tuple, list[tuple[str, Word]]] = field(default_factory=lambda: defaultdict(list))

    def effective(self, *, exclude: bool) -> list[Seen]:
        """What counts."""
        found = []
        for name, event in self.received.items():
            decisive = [word for _, word in self.standing[name] if word.verdict != "unclear"]
            low = event.confidence is not None and event.confidence < THRESHOLD
            if decisive and decisive[-1].verdict != "rejected":
                found.append(replace(labelled(event, decisive[-1]), reviewed=True))
            if not decisive and not (exclude and low):
                found.append(event)
        return found


def labelled(event: Seen, word: Word) -> Seen:
    kind = word.event_type or event.kind
    units = event.count if event.kind == "product_count" else 1
    return replace(
        event,
        kind=kind,
        worker=word.worker_id or event.worker,
        workstation=word.workstation_id or event.workstation,
        count=0 if kind != "product_count" else units if word.count is None else word.count,
    )


def can_be_said(event: Seen, word: Word) -> bool:
    if word.verdict != "relabelled":
        return True
    corrected = labelled(event, word)
    return corrected != event and (word.count is None or corrected.kind == "product_count")


def tell(floor: Floor, story: Story, *, exclude: bool = False) -> Told:
    """Lets it all happen."""
    choose(floor, exclude=exclude)
    told = Told()
    for number, step in enumerate(story.steps):
        if isinstance(step, Say):
            say(floor, told, step, now_ms=AS_OF + number)
        else:
            deliver_group(floor, told.received, step, now=AS_OF + number)
    return told


def choose(floor: Floor, *, exclude: bool) -> None:
    """Whether what is below the threshold waits for a reviewer."""
    floor.site.refresh_from_db()
    floor.site.below_threshold = "exclude" if exclude else "include"
    floor.site.save()


def say(floor: Floor, told: Told, what: Say, *, now_ms: int) -> None:
    """To the product, and to the plain model of it."""
    here = [event for event in what.events if key(event) in told.received]
    reviewer = User.objects.get(username=what.reviewer)
    rows = {key(event): stored(floor, event) for event in here}
    if what.word is None:
        undone = verdicts.undo_many(rows.values(), reviewer=reviewer, now_ms=now_ms).given
        spoke = {name for name in rows if what.reviewer in dict(told.standing[name])}
        assert set(undone) == {rows[name].pk for name in spoke}
    else:
        outcome = verdicts.give_many(
            rows.values(), reviewer=reviewer, word=what.word, now_ms=now_ms
        )
        refused = {event for event in here if not can_be_said(event, what.word)}
        assert set(outcome.refused) == {rows[key(event)].pk for event in refused}
        here = [event for event in here if event not in refused]
    for event in here:
        others = [each for each in told.standing[key(event)] if each[0] != what.reviewer]
        own = [] if what.word is None else [(what.reviewer, what.word)]
        told.standing[key(event)] = [*others, *own]


def stored(floor: Floor, event: Seen) -> Event:
    return Event.objects.get(
        camera=floor.site.cameras.get(code=event.camera),
        worker=floor.workers[event.worker],
        workstation=floor.stations[event.workstation],
        event_type=event.kind,
        occurred_at=to_datetime(event.at),
    )
