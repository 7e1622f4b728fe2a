"""However claims, ends, crashes and time interleave, a due time belongs to one worker."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.instants import to_ms
from tests.floor import taken_back
from workers import tasks
from workers.models import BackgroundTask

pytestmark = pytest.mark.django_db
LEASE, EVERY_S = 60_000, 30
WORKERS = ["ada", "bob", "eve"]


@dataclass
class Oracle:
    """One task, kept the obvious way."""

    due: int = 0
    holder: str = ""
    until: int = 0
    started: int = 0
    failures: int = 0
    runs: list[int] = field(default_factory=list)  # due times that somebody began

    def claim(self, who: str, now: int) -> bool:
        if (self.holder and now < self.until) or now < self.due:
            return False
        self.holder, self.until, self.started = who, now + LEASE, now
        return True

    def keep(self, who: str, now: int) -> None:
        if self.holder == who:
            self.until = now + LEASE

    def settle(self, who: str, now: int, error: str) -> None:
        if self.holder != who:
            return
        self.failures = self.failures + 1 if error else 0
        pause = min(300_000, 5_000 * 2**self.failures)
        self.due = now + pause if error else max(now, self.started + EVERY_S * 1_000)
        self.holder, self.until = "", 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "claim", "keep", "end", "fail"]),
        st.sampled_from(WORKERS),
        st.sampled_from([0, 1, 999, 9_999, 10_000, 30_000, 59_999, 60_000]),
    ),
    max_size=40,
)


@settings(max_examples=60)
@given(steps=STEPS)
def test_claims_agree_with_the_obvious_book(steps: list[tuple[str, str, int]]) -> None:
    oracle, now = Oracle(), 0
    with taken_back():
        tasks.enter(["a"], now_ms=0)
        for word, who, pause in steps:
            now += pause
            if word == "claim":
                won = tasks.claim_due(["a"], by=who, now_ms=now, lease_ms=LEASE)
                assert bool(won) == oracle.claim(who, now)
            elif word == "keep":
                tasks.keep(["a"], by=who, until_ms=now + LEASE)
                oracle.keep(who, now)
            else:
                error = "oh" if word == "fail" else ""
                tasks.settle("a", by=who, every_s=EVERY_S, error=error, now_ms=now)
                oracle.settle(who, now, error)
        row = BackgroundTask.objects.get()
        assert (to_ms(row.due_at), row.claimed_by, row.failures) == (
            oracle.due,
            oracle.holder,
            oracle.failures,
        )
