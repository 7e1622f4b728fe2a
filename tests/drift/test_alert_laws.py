"""The law of order for alerts: the same facts give the same alerts, however they arrive.

In any order, some twice, cut anywhere, and looked at in between or not.
"""

from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from common.instants import to_ms
from drift.models import Alert
from drift.watching import decisions
from tests.drift.camera_days import check, falls, found, reports, the_alert
from tests.floor import HOUR, Floor, Json, ms, taken_back
from tests.laws.effort import EXAMPLES, LAW, settings
from workers.models import User

FEW = settings(LAW, max_examples=EXAMPLES // 10)  # each is ten days of events, twice
UNTIL = ("18:00", 1)


@dataclass(frozen=True)
class Fate:
    """What happens to a camera, and how the news of it arrives."""

    begins: str
    level: float
    hours: int
    seed: int
    cuts: int
    checks: int


fates = st.builds(
    Fate,
    st.sampled_from(("06:00", "09:00", "14:00", "17:00")),
    st.sampled_from((0.93, 0.9, 0.84, 0.7)),
    st.sampled_from((1, 3, 30)),
    st.integers(0, 10_000),
    st.integers(1, 12),
    st.integers(0, 4),
)


def all_reports(fate: Fate) -> list[Json]:
    """Two types, of which one falls; a second camera; a version that changes."""
    falling = falls(
        fate.begins, fate.level, day=-1, until=ms(fate.begins, day=-1) + fate.hours * HOUR
    )
    few = {"per_hour": 6, "until": "18:00", "day": 1}
    return [
        *reports(falling, **few),
        *reports(**few, event_type="idle", worker_id="W2"),
        *reports(start=ms("12:00"), **few, worker_id="W3", model_version="new"),
        *reports(falling, start=ms("00:00", day=-6), **few, camera="C2", worker_id="W4"),
    ]


def arrive(floor: Floor, events: list[Json], fate: Fate) -> None:
    """Shuffled and cut, a part of it twice, with checks at any time in between."""
    dice = Random(fate.seed)
    order = dice.sample(events, len(events))
    again = dice.sample(events, len(events) // 10)
    cuts = sorted(dice.sample(range(len(order)), fate.cuts))
    looks = set(dice.sample(range(fate.cuts + 1), min(fate.checks, fate.cuts + 1)))
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(order)], strict=True)):
        floor.post(*order[start:end], *dice.sample(again, len(again) // 3), key=floor.gateway)
        if number in looks:
            check(f"{dice.randrange(6, 19):02}:00", day=dice.choice((-1, 0, 1)))


@FEW
@given(fates)
def test_alerts_follow_from_the_facts_alone(floor: Floor, fate: Fate) -> None:
    with taken_back():
        events = all_reports(fate)
        floor.post(*events, key=floor.gateway)
        check(*UNTIL[:1], day=UNTIL[1])
        at_once = found()
    with taken_back():
        arrive(floor, events, fate)
        check(*UNTIL[:1], day=UNTIL[1])
        assert found() == at_once


@FEW
@given(st.integers(0, 10_000), st.sampled_from(("fixed", "false_alarm", "new_normal")))
def test_a_decision_is_an_input_with_its_time(floor: Floor, seed: int, resolution: str) -> None:
    """What came late, after somebody had decided, gives what it would have given in time."""
    ada = User.objects.get(username="ada")
    decided_at = ms("14:30")
    events = reports(falls("09:00", 0.8, day=0), per_hour=6, day=1)
    before = [each for each in events if each["timestamp"] < "2026-06-16T14:00"]
    after = [each for each in events if each not in before]

    def decide() -> None:
        decisions.resolve(the_alert(), by=ada, resolution=resolution, note="", now_ms=decided_at)

    with taken_back():
        floor.post(*before, key=floor.gateway)
        check("14:00")
        decide()
        floor.post(*after, key=floor.gateway)
        check(*UNTIL[:1], day=UNTIL[1])
        in_time = found()
    with taken_back():
        late = Random(seed).sample(before, len(before) // 20)
        floor.post(*(each for each in before if each not in late), key=floor.gateway)
        check("14:00")
        decide()
        floor.post(*after, key=floor.gateway)
        check("12:00", day=1)
        floor.post(*late, key=floor.gateway)
        check(*UNTIL[:1], day=UNTIL[1])
        assert found() == in_time
        assert to_ms(Alert.objects.get(is_live=False).first_detected_at) <= decided_at
