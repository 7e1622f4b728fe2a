"""The third law: what reviewers say counts as if events had been so from the start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from common.instants import to_datetime
from metrics.rebuild import rebuild_site
from tests.floor import Floor, taken_back
from tests.laws.effort import HALF_AS_LONG, LAW
from tests.laws.logs import AS_OF, days
from tests.laws.reading import Asking, Calendar, askings, calendars, check_answers, figures_of
from tests.laws.stored import check_rows, stored_rows
from tests.laws.verdicts import REVIEWERS, Say, Story, choose, say, sayings, stories, tell

pytestmark = pytest.mark.usefixtures("reviewers")
choices = st.booleans()  # whether what is below the threshold waits for a reviewer


@LAW
@given(stories(), choices)
def test_rows_follow_from_the_events_that_count(
    law_floor: Floor, story: Story, exclude: bool
) -> None:
    with taken_back():
        check_rows(tell(law_floor, story, exclude=exclude).effective(exclude=exclude))
        assert law_floor.difference() is None


@HALF_AS_LONG
@given(stories(days(size=20)), choices, calendars(), askings())
def test_figures_are_the_integrals_over_the_events_that_count(
    law_floor: Floor,
    time_machine: TimeMachineFixture,
    story: Story,
    exclude: bool,
    calendar: Calendar,
    asking: Asking,
) -> None:
    with taken_back():
        calendar.write(law_floor)
        counted = tell(law_floor, story, exclude=exclude).effective(exclude=exclude)
        time_machine.move_to(to_datetime(asking.now), tick=False)
        check_answers(law_floor, figures_of(counted, calendar, asking), asking)


@st.composite
def words_too_many(draw: st.DrawFn) -> tuple[Story, list[Say]]:
    """A story, and what somebody says who says nothing in it."""
    story = draw(stories())
    more = sayings(story.events, ["otto"]).filter(lambda each: each.word is not None)
    return story, draw(st.lists(more, max_size=5)) if story.events else []


@HALF_AS_LONG
@given(words_too_many(), choices)
def test_words_taken_back_leave_every_row_as_it_was(
    law_floor: Floor, told: tuple[Story, list[Say]], exclude: bool
) -> None:
    story, said = told
    with taken_back():
        so_far = tell(law_floor, story, exclude=exclude)
        before = stored_rows()
        for each in said:
            say(law_floor, so_far, each, now_ms=AS_OF + 1_000)
        for each in said:
            say(law_floor, so_far, Say("otto", each.events, None), now_ms=AS_OF + 2_000)
        assert stored_rows() == before


@HALF_AS_LONG
@given(stories(), choices)
def test_rebuild_after_a_change_of_the_setting_follows_it(
    law_floor: Floor, story: Story, exclude: bool
) -> None:
    with taken_back():
        told = tell(law_floor, story, exclude=not exclude)
        choose(law_floor, exclude=exclude)
        rebuild_site(law_floor.site.pk)
        check_rows(told.effective(exclude=exclude))


@pytest.fixture
def reviewers(law_floor: Floor) -> None:
    for name in (*REVIEWERS, "otto"):
        law_floor.add_member(name, "reviewer")
