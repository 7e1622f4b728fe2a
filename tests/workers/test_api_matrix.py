"""Every address outside of the admin × role × own or another site's object × method, in one table.

An address or a method that is not in the table fails: whoever adds one says here whose it is.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from events.models import Snapshot
from tests.floor import taken_back
from tests.workers.marked_sites import MOMENT, ROWS, MarkedSite
from tests.workers.who import (
    ADMINS,
    MANAGERS,
    MEMBERS,
    NOBODY,
    REVIEWERS,
    SUPERUSERS,
    may,
    plain_patterns,
    strange_to,
    text_of,
)

pytestmark = pytest.mark.django_db

People = frozenset[str]
Methods = dict[str, People]


def kept(
    name: str, see: People, *, add: People = ADMINS, delete: People = ADMINS
) -> dict[str, Methods]:
    """Master data: a list and its objects."""
    change = {"put": ADMINS, "patch": ADMINS, "delete": delete}
    return {f"{name}-list": {"get": see, "post": add}, f"{name}-detail": {"get": see, **change}}


def read(see: People, *names: str) -> dict[str, Methods]:
    return {name: {"get": see} for name in names}


WORD = {"post": REVIEWERS, "delete": REVIEWERS}
ADDRESSES: dict[str, Methods] = {
    **kept("site", MEMBERS, add=SUPERUSERS, delete=SUPERUSERS),
    **kept("worker", MANAGERS),
    **kept("shiftassignment", MANAGERS),
    **kept("workstation", MEMBERS),
    **kept("workstationtarget", MEMBERS),
    **kept("camera", MEMBERS),
    **kept("cameramodelversion", MEMBERS),
    **kept("shift", MEMBERS),
    **kept("closure", MEMBERS),
    **kept("ingestkey", ADMINS),
    **kept("membership", ADMINS),
    **read(MANAGERS, "event", "refused-events", "refused-event"),
    **read(MEMBERS, "completeness"),
    **read(ADMINS, "connection"),
    **read(REVIEWERS, "snapshot", "review-items", "review-item"),
    **read(REVIEWERS, "retraining-exports", "retraining-export"),
    **read(REVIEWERS, "retraining-export-manifest", "retraining-export-archive"),
    **read(MANAGERS, "alerts", "alert", "precision"),
    **read(MEMBERS, "metrics-overview", "metrics-factory", "metrics-workstations"),
    **read(MEMBERS, "metrics-series", "metrics-hours"),
    **read(MANAGERS, "metrics-workers", "metrics-timeline", "metrics-strips"),
    "events": {"get": MANAGERS, "post": NOBODY},  # facts come by key alone
    "snapshots": {"post": NOBODY},
    "verdict": WORD,
    "review-item-verdict": WORD,
    "alert-acknowledge": {"post": MANAGERS},
    "alert-resolve": {"post": MANAGERS},
    **read(MEMBERS, "site-overview", "site-floor", "site-workstations", "site-workstation"),
    **read(MEMBERS, "site-methods", "site-compare", "site-hours"),
    **read(MANAGERS, "site-workers", "site-worker", "site-timeline", "site-recognition"),
}
# Of no site: whoever is logged in gets what is theirs.
EVERYBODYS = {"overview", "metrics-sites", "password_change", "password_change_done"}
# For who is not logged in, too.
OPEN = {
    "healthz", "readyz", "login", "logout", "schema", "docs", "invitation", "invitation-link",
    "password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete",
}  # fmt: skip
# With a token of its own: tests/common/test_exposition.py.
BY_TOKEN = {"telemetry"}
# By a screen's cookie alone: test_screen_reach.
BY_SCREEN = {"screen", "screen-floor", "screen-figures"}
BY_KEY = {("events", "post"), ("snapshots", "post")}
METHODS = ("get", "post", "put", "patch", "delete")


def addresses() -> dict[str, str]:
    """Routes by name."""
    found: Iterator[tuple[str, URLPattern]] = plain_patterns(get_resolver().url_patterns)
    return {str(each.name): route for route, each in found if not route.startswith("admin/")}


def test_every_address_is_in_the_table() -> None:
    assert addresses().keys() == ADDRESSES.keys() | EVERYBODYS | OPEN | BY_SCREEN | BY_TOKEN


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_address_opens_for_whom_it_is(
    name: str, ours: MarkedSite, theirs: MarkedSite, browsers: dict[str, Client]
) -> None:
    found = []
    for own in (ours, theirs):
        path = f"/{filled(name, own)}?site={own.site.code}&period=today"
        for method in METHODS:
            found += list(wrong_at(name, path, method, own, browsers))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", EVERYBODYS)
def test_what_is_everybodys_shows_nobody_elses(
    name: str, ours: MarkedSite, theirs: MarkedSite, browsers: dict[str, Client]
) -> None:
    assert ours.worker, theirs.worker
    for who, browser in browsers.items():
        answer = browser.get(f"/{addresses()[name]}", {"period": "today"}, follow=True)
        strange = strange_to(who)
        assert not strange or strange not in text_of(answer), who


def wrong_at(
    name: str, path: str, method: str, own: MarkedSite, browsers: dict[str, Client]
) -> Iterator[str]:
    """What differs from the table, and what is shown to whom it does not concern."""
    allowed = ADDRESSES[name].get(method)
    for who, browser in browsers.items():
        answer = asked(browser, method, path, own)
        told = f"{method.upper()} {name} of {own.mark} by {who}: {answer.status_code}"
        wanted = statuses(name, method, who, own) if allowed is not None else REFUSED
        is_open = answer.status_code not in REFUSED
        if wanted is None and not is_open and answer.status_code != 404:
            yield f"{told}, must open"
        if wanted is not None and answer.status_code not in wanted:
            yield f"{told}, must be one of {sorted(wanted)}"
        strange = strange_to(who)
        if strange and strange in text_of(answer).replace(own.site.code, ""):
            yield f"{told}, shows {strange}"


REFUSED = frozenset({302, 401, 403, 404, 405})


def statuses(name: str, method: str, who: str, own: MarkedSite) -> frozenset[int] | None:
    """How a person is refused; None: not at all, though what is asked for may be missing."""
    if who == "anonymous" or (name, method) in BY_KEY:
        return frozenset({302, 401})
    if may(who, ADDRESSES[name][method], own.mark):
        return None
    is_member = may(who, MEMBERS | {"elsewhere"}, own.mark)
    if is_member:
        return frozenset({403})
    makes = method == "post" and name.endswith("-list")
    return frozenset({400, 403}) if makes else frozenset({404})


def asked(browser: Client, method: str, path: str, own: MarkedSite) -> HttpResponse:
    more: dict[str, Any] = {"data": {"site": own.site.code}, "content_type": "application/json"}
    with taken_back():
        answer: HttpResponse = getattr(browser, method)(path, **({} if method == "get" else more))
    return answer


def filled(name: str, own: MarkedSite) -> str:
    """The address of an object of the site."""
    route = addresses()[name].replace("^", "").replace("$", "")
    codes = {"code": own.site.code, "worker": own.worker.code, "workstation": own.station.code}
    for part, code in codes.items():
        route = route.replace(f"<code:{part}>", code)
    row = subject(name, own)
    key = "" if row is None else getattr(row, "public_id", row.pk)
    return re.sub(r"\(\?P<pk>\\d\+\)|<[^>]+>", str(key), route)


def subject(name: str, own: MarkedSite) -> Model | None:
    """What the address speaks of."""
    if name == "snapshot":
        return picture(own)
    of_owner = {
        "shiftassignment-detail": own.worker.shift_assignments,
        "workstationtarget-detail": own.station.targets,
        "cameramodelversion-detail": own.camera.model_versions,
    }
    if name in of_owner:
        return of_owner[name].get()
    kind = re.sub(r"-(detail|acknowledge|resolve|verdict|manifest|archive)$", "", name)
    thing = "event" if kind == "verdict" else kind.replace("-", "")
    labels = [f"{app}.{thing}" for app in APPS]
    label = next((each for each in labels if each in ROWS), None)
    return own.row(label) if label else None


APPS = ("workers", "events", "drift")


def picture(own: MarkedSite) -> Snapshot:
    return Snapshot.objects.create(
        site=own.site,
        camera=own.camera,
        public_id=f"{own.mark}p".lower(),
        taken_at=MOMENT,
        received_at=MOMENT,
        width=1,
        height=1,
        size=1,
        sha256=own.mark,
    )
