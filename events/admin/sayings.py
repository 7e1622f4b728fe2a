"""What reviewers can say of events in the admin: asked on a page first, done by its button."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse

from common import clock
from common.instants import to_ms
from events import verdicts
from events.admin import words
from events.admin.word_forms import WordForm, relabel_form
from events.domain.verdict import CONFIRMED, REJECTED, RELABELLED, Word
from events.models import Event
from events.standing import verdicts_standing
from workers.admin.confirmation import Question, ask, is_confirmed, selection
from workers.admin_site import roles_in
from workers.models import Role, User

MOST_AT_ONCE = 500  # so many are named on the page, and sent back by its button

Events = Sequence[Event]
Told = tuple[str, Counter[str]]  # what was done; why others were left, and how many
Do = Callable[[Events, User, WordForm | None], Told]


@dataclass(frozen=True)
class Saying:
    """One thing to say: what the page asks, and what its button does."""

    action: str
    button: str
    means: str
    form: Callable[[Any, Events], WordForm | None]
    do: Do
    is_danger: bool = False

    def of_many(self, request: HttpRequest, chosen: QuerySet[Event]) -> HttpResponse | None:
        """Of those at sites where the user reviews. None: it is done, or can't be."""
        roles = roles_in(request)
        events = [
            event
            for event in chosen.select_related("site")[: MOST_AT_ONCE + 1]
            if roles.allow(Role.REVIEWER, event.site_id)
        ]
        if not 0 < len(events) <= MOST_AT_ONCE:
            many = f"Choose at most {MOST_AT_ONCE} at once."
            messages.error(request, many if events else "Choose some of the sites you review at.")
            return None
        again = selection(self.action, events)
        return self.of(request, events, back=request.get_full_path(), again=again)

    def of(
        self, request: HttpRequest, events: Events, *, back: str, again: dict[str, list[str]]
    ) -> HttpResponse | None:
        """Asks, and does it once the button is pressed. None: it is done."""
        form = self.form(request.POST if is_confirmed(request) else None, events)
        if is_confirmed(request) and (form is None or form.is_valid()):
            _tell(request, *self.do(events, cast(User, request.user), form))
            return None
        prefetch_related_objects(events, verdicts_standing())
        return ask(
            request,
            Question(
                title=f"{self.button} {words.number(len(events))}",
                text=self.means,
                button=self.button,
                back=back,
                subjects=[words.line(event) for event in events],
                form=form,
                hidden=again,
                is_danger=self.is_danger,
            ),
        )


def _tell(request: HttpRequest, done: str, left: Counter[str]) -> None:
    if done:
        messages.success(request, done)
    for why, count in left.items():
        are = "it is" if count == 1 else "they are"
        messages.warning(request, f"{words.number(count)} left as {are}: {why}")


def _plain_form(data: Any, _events: Events) -> WordForm:
    return WordForm(data)


def _no_form(_data: Any, _events: Events) -> None:
    return None


def _giving(verdict: str) -> Do:
    def give(events: Events, by: User, form: WordForm | None) -> Told:
        word = form.word(verdict) if form else Word(verdict)
        given, refused = verdicts.give_many(
            events, reviewer=by, word=word, now_ms=to_ms(clock.now())
        )
        done = f"{words.number(len(given))} {verdict}. Figures follow at once." if given else ""
        return done, Counter(map(str, refused.values()))

    return give


def _take_back(events: Events, by: User, _form: WordForm | None) -> Told:
    undone, refused = verdicts.undo_many(events, reviewer=by, now_ms=to_ms(clock.now()))
    done = f"Took your word back on {words.number(len(undone))}." if undone else ""
    none = len(events) - len(undone) - len(refused)
    return done, +Counter({"There is no verdict of yours.": none}) + Counter(
        map(str, refused.values())
    )


CONFIRM = Saying(
    "confirm",
    "Confirm",
    "They were what was reported. They count so, whatever their confidence.",
    _plain_form,
    _giving(CONFIRMED),
)
RELABEL = Saying(
    "relabel",
    "Relabel",
    "They were something else. Figures follow what you say here, as if it had been reported.",
    relabel_form,
    _giving(RELABELLED),
)
REJECT = Saying(
    "reject",
    "Reject",
    "They were nothing. They leave the timeline and all figures; the facts are kept.",
    _plain_form,
    _giving(REJECTED),
    is_danger=True,
)
TAKE_BACK = Saying(
    "take_back",
    "Take back",
    "What you have said of them is taken back. Figures are as if you had never said it.",
    _no_form,
    _take_back,
)
