"""A fault put on purpose into what verdicts do does not get past the third law."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import dialect
from events import store, verdicts
from events.domain.observation import Observation
from events.domain.verdict import Label
from events.models import Verdict
from metrics import rollup
from metrics.domain import timeline
from tests.floor import Floor, taken_back
from tests.laws.effort import UNTIL_IT_FAILS
from tests.laws.stored import check_rows
from tests.laws.verdicts import REVIEWERS, Story, stories, tell

whole_rank, whole_relabelled = timeline._rank, verdicts.relabelled
whole_neighbours, whole_in_force = dialect.corrected_neighbours, verdicts.in_force


def rank_without_reviewers(event: Observation, rules: Any) -> tuple:
    return whole_rank(msgspec.structs.replace(event, reviewed=False), rules)


def neighbours_before_any_verdict(of: Any, given: Sequence, *, exclude: tuple) -> list:
    Verdict.objects.filter(in_force=True).update(in_force=False, reason="moved")
    found = whole_neighbours(of, given, exclude=exclude)
    Verdict.objects.filter(reason="moved").update(in_force=True, reason="")
    return found


def newest_stays(_change: object) -> list:
    return []


def worker_stays(fact: Observation, label: Label | None) -> Observation | None:
    kept = label and msgspec.structs.replace(label, worker_id=fact.worker_id)
    return whole_relabelled(fact, kept)


def first_word_stays(standing: Sequence[Verdict]) -> Verdict | None:
    return whole_in_force(standing[:1])


def all_count(facts: list[Observation], _master: object) -> list[Observation]:
    return facts


BUGS = {
    "reviewers win no tie": (timeline, "_rank", rank_without_reviewers),
    "neighbours as reported": (dialect, "corrected_neighbours", neighbours_before_any_verdict),
    "newest event stays": (rollup, "_newest_left", newest_stays),
    "worker stays": (verdicts, "relabelled", worker_stays),
    "first word stays": (verdicts, "in_force", first_word_stays),
    "nothing waits": (store, "unreviewed", all_count),
}


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_oracle_catches(law_floor: Floor, monkeypatch: pytest.MonkeyPatch, bug: tuple) -> None:
    for name in REVIEWERS:
        law_floor.add_member(name, "reviewer")
    monkeypatch.setattr(*bug)

    @UNTIL_IT_FAILS
    @given(stories(), st.booleans())
    def law(story: Story, exclude: bool) -> None:
        with taken_back():
            check_rows(tell(law_floor, story, exclude=exclude).effective(exclude=exclude))

    with pytest.raises(AssertionError):
        law()
