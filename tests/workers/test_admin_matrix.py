"""Every admin address × role × own or another site's object × method, against one table.

An address that is not in the table fails: whoever adds a page says here whose it is. On each page
that opens, texts of the other site are looked for: there is nothing of one site in the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.floor import taken_back
from tests.workers.marked_sites import ROWS, MarkedSite
from tests.workers.who import (
    ADMINS,
    MANAGERS,
    MEMBERS,
    NOBODY,
    OURS,
    REVIEWERS,
    SUPERUSERS,
    THEIRS,
    may,
    plain_patterns,
    strange_to,
    text_of,
)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Page:
    """Whom the addresses of one model open for; of those with an object: one of our site."""

    see: frozenset[str]
    change: frozenset[str] = NOBODY
    add: frozenset[str] = NOBODY
    delete: frozenset[str] = NOBODY
    history: frozenset[str] | None = None  # None: who sees it
    of_list: dict[str, frozenset[str]] = field(default_factory=dict)
    of_object: dict[str, frozenset[str]] = field(default_factory=dict)


def kept(see: frozenset[str], **more: Any) -> Page:
    """Master data: its admins make and change it, and read its history."""
    return Page(see, **{"change": ADMINS, "add": ADMINS, "delete": ADMINS, **more}, history=ADMINS)


def files(see: frozenset[str]) -> dict[str, frozenset[str]]:
    """Import and export."""
    blank = {"import_file": ADMINS, "blank_csv": ADMINS, "blank_xlsx": ADMINS}
    return blank | {"export_csv": see, "export_xlsx": see}


RETIRING = {"retire_this": ADMINS, "bring_back_this": NOBODY}  # nobody: it is in use
VERDICTS = dict.fromkeys(
    ("confirm_this", "relabel_this", "reject_this", "take_back_this"), REVIEWERS
)
FACT = Page(MANAGERS)
SUPER = Page(SUPERUSERS, SUPERUSERS, SUPERUSERS, SUPERUSERS)

PAGES = {
    "workers.site": kept(
        MANAGERS, add=SUPERUSERS, delete=SUPERUSERS, of_object={"copy_from": SUPERUSERS}
    ),
    "workers.worker": kept(MANAGERS, of_list=files(MANAGERS), of_object=RETIRING),
    "workers.workstation": kept(MEMBERS, of_list=files(MEMBERS), of_object=RETIRING),
    "workers.camera": kept(
        MEMBERS, of_list=files(MEMBERS), of_object={**RETIRING, "connect": ADMINS}
    ),
    "workers.shift": kept(MANAGERS, of_list=files(MANAGERS)),
    "workers.closure": kept(MANAGERS, of_list=files(MANAGERS)),
    "workers.membership": kept(
        ADMINS,
        of_list={"invite": MEMBERS},  # only leads to the page of invitations
        of_object={"change_access": ADMINS, "new_password": ADMINS, "change_account": ADMINS},
    ),
    "workers.invitation": Page(
        ADMINS, add=ADMINS, of_object={"renew": ADMINS, "withdraw_this": ADMINS}
    ),
    "workers.ingestkey": kept(
        ADMINS,
        delete=NOBODY,
        of_object={"rotate": ADMINS, "revoke_this": ADMINS, "connect": ADMINS},
    ),
    "workers.wallscreen": kept(ADMINS, delete=NOBODY, of_object={"revoke_this": ADMINS}),
    "workers.user": Page(
        SUPERUSERS,
        SUPERUSERS,
        SUPERUSERS,
        SUPERUSERS,
        of_object={"auth_user_password_change": SUPERUSERS},
    ),
    "workers.backgroundtask": Page(SUPERUSERS),
    "authtoken.tokenproxy": SUPER,
    "axes.accessattempt": Page(SUPERUSERS, delete=SUPERUSERS),
    "events.event": Page(MANAGERS, of_object=VERDICTS),
    "events.refusedevent": FACT,
    "events.streamposition": Page(SUPERUSERS),
    "metrics.span": FACT,
    "metrics.workerstatus": FACT,
    "metrics.bucket": FACT,
    "metrics.workstationbucket": FACT,
    "drift.alert": Page(MANAGERS, MANAGERS),
    "drift.watchedcamera": Page(MANAGERS, MANAGERS),  # a page that takes nothing in
    "drift.maintenancewindow": Page(MANAGERS, MANAGERS, MANAGERS, MANAGERS, history=ADMINS),
    "drift.watchrules": Page(MANAGERS, add=ADMINS),
    "drift.recipient": kept(ADMINS, of_object={"test": ADMINS}),
    "drift.webhook": kept(ADMINS, of_object={"test": ADMINS, "rotate": ADMINS}),
    "drift.outboxmessage": Page(ADMINS),
    "drift.reviewitem": Page(
        REVIEWERS, of_list={"review_queue": REVIEWERS, "review_precision": MANAGERS}
    ),
    "drift.reviewplan": Page(REVIEWERS, ADMINS, ADMINS, ADMINS, history=ADMINS),
    "drift.retrainingexport": Page(REVIEWERS),
}

# Addresses of no model. Those asked by GET alone refuse the rest.
GET_ALONE = {"jsi18n", "password_change_done"}
SITE_PAGES = {
    "index": MEMBERS,
    "search": MEMBERS,
    "jsi18n": MEMBERS,
    "password_change": MEMBERS,
    "password_change_done": MEMBERS,
    "autocomplete": NOBODY,  # it needs to know for which field: see below
    "view_on_site": NOBODY,  # nothing has a page elsewhere
    "login": NOBODY,
    "connect": ADMINS,
}
NOT_ASKED = {"logout"}  # by POST alone, and then the person is out


def opens(answer: HttpResponse) -> bool:
    """Whether the person got in, rather than a refusal or the way to the log-in or start page."""
    if answer.status_code in (301, 302):
        return not answer.headers["Location"].startswith(("/login/", "/admin/login/")) and (
            answer.headers["Location"] != "/admin/"
        )
    assert answer.status_code < 500
    return answer.status_code == 200


@dataclass(frozen=True)
class Address:
    """One to ask, and whom it opens for."""

    path: str
    get: frozenset[str]
    post: frozenset[str]
    whose: str


def addresses(label: str, rows: dict[str, Model]) -> Iterator[Address]:
    """All of a model's, each with an object of ours and one of theirs."""
    page, model_admin = PAGES[label], model_admins()[label]
    prefix = f"{label.replace('.', '_')}_"
    for pattern in model_admin.get_urls():
        if pattern.name is None:
            continue  # Django's old address of an object only leads to its page
        name = pattern.name.removeprefix(prefix)
        get, post = allowed(page, name)
        base, route = f"/admin/{label.replace('.', '/')}/", str(pattern.pattern)
        if "<" not in route:
            yield Address(base + route, get, post, "")
            continue
        for whose, row in rows.items():
            path = base + re.sub(r"<[^>]+>", str(row.pk), route)
            yield Address(path, get, post, whose)


def allowed(page: Page, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """By the table, for GET and POST."""
    known = {
        "changelist": (page.see, page.see),
        "add": (page.add, page.add),
        "change": (page.see, page.change),
        "delete": (page.delete, page.delete),
        "history": (page.see if page.history is None else page.history,) * 2,
        **{each: (who, who) for each, who in (page.of_list | page.of_object).items()},
    }
    assert name in known, f"The address {name} is not in the table: add it to PAGES."
    return known[name]


def model_admins() -> dict[str, Any]:
    return {model._meta.label_lower: each for model, each in admin.site._registry.items()}


def site_patterns() -> Iterator[tuple[str, URLPattern]]:
    """Those of the admin as a whole, with their paths."""
    labels = tuple(label.replace(".", "/") for label in PAGES)
    for pattern in admin.site.get_urls():
        route = str(pattern.pattern)
        if isinstance(pattern, URLPattern) and not route.startswith(labels):
            yield route, pattern
    for route, pattern in plain_patterns(get_resolver().url_patterns):
        if route.startswith("admin/"):
            yield route.removeprefix("admin/"), pattern


def wrong_at(address: Address, browsers: dict[str, Client]) -> Iterator[str]:
    """What differs from the table, and what is shown to whom it does not concern."""
    for who, browser in browsers.items():
        if who == "superuser" and address.whose == THEIRS:
            continue  # there is no other site for them
        for method, allowed_roles in (("get", address.get), ("post", address.post)):
            with taken_back():
                answer = getattr(browser, method)(address.path)
                is_open, may_open = opens(answer), may(who, allowed_roles, address.whose)
                told = f"{method.upper()} {address.path} by {who}: {answer.status_code}"
                if is_open != may_open:
                    yield f"{told}, {'must not open' if is_open else 'must open'}"
                strange = strange_to(who)
                if strange and strange in text_of(answer):
                    yield f"{told}, shows {strange}"


@pytest.mark.parametrize("label", PAGES)
def test_each_address_opens_for_whom_it_is(
    label: str, ours: MarkedSite, theirs: MarkedSite, browsers: dict[str, Client]
) -> None:
    rows = {OURS: ours.row(label), THEIRS: theirs.row(label)}
    found = [wrong for address in addresses(label, rows) for wrong in wrong_at(address, browsers)]
    assert not found, "\n".join(found)


def test_every_model_is_in_the_table() -> None:
    assert model_admins().keys() == PAGES.keys() == ROWS.keys()


def test_every_other_address_is_in_the_table() -> None:
    names = {pattern.name for _, pattern in site_patterns() if pattern.name}
    assert names - NOT_ASKED - {"app_list"} == SITE_PAGES.keys()


@pytest.mark.parametrize("name", SITE_PAGES)
def test_other_addresses_open_for_whom_they_are(
    name: str, ours: MarkedSite, theirs: MarkedSite, browsers: dict[str, Client]
) -> None:
    for own in (ours, theirs):
        for label in ROWS:
            own.row(label)
    found = []
    for route, pattern in site_patterns():
        if pattern.name != name:
            continue
        for own in (ours, theirs) if "<" in route else (None,):
            path = filled(route, own) if own else route
            post = NOBODY if name in GET_ALONE else SITE_PAGES[name]
            address = Address(f"/admin/{path}", SITE_PAGES[name], post, own.mark if own else "")
            found += list(wrong_at(address, browsers))
    assert not found, "\n".join(found)


def filled(route: str, own: MarkedSite) -> str:
    ids = {
        "site_id": own.site.pk,
        "camera_id": own.camera.pk,
        "content_type_id": 1,
        "object_id": own.camera.pk,
    }
    for name, value in ids.items():
        for kind in ("int:", "path:"):
            route = route.replace(f"<{kind}{name}>", str(value))
    assert "<" not in route
    return route


@pytest.mark.parametrize("app", ["workers", "authtoken", "axes", "events", "metrics", "drift"])
def test_an_apps_page_opens_for_who_sees_any_of_its_lists(
    app: str, ours: MarkedSite, browsers: dict[str, Client]
) -> None:
    allowed_roles = frozenset[str]().union(
        *(page.see for label, page in PAGES.items() if label.startswith(app))
    )
    address = Address(f"/admin/{app}/", allowed_roles, allowed_roles, "")
    assert not list(wrong_at(address, browsers))


# --- what a form offers while typing ------------------------------------------------------------


def typed_fields() -> Iterator[tuple[str, str]]:
    """Each (model, field) that is filled in by typing."""
    for label, page in model_admins().items():
        for owner in (page, *(inline(page.model, admin.site) for inline in page.inlines)):
            for name in owner.autocomplete_fields:
                yield owner.model._meta.label_lower, name
        assert label


@pytest.mark.parametrize("label, name", sorted(set(typed_fields())))
def test_typing_offers_nothing_of_another_site(
    label: str, name: str, ours: MarkedSite, theirs: MarkedSite, browsers: dict[str, Client]
) -> None:
    app, model = label.split(".")
    for own in (ours, theirs):
        for kind in ("worker", "camera", "membership"):
            own.row(f"workers.{kind}")
    for who, browser in browsers.items():
        query = {"app_label": app, "model_name": model, "field_name": name, "term": ""}
        answer = browser.get("/admin/autocomplete/", query)
        strange = strange_to(who)
        assert answer.status_code in (200, 302, 403)
        assert not strange or strange not in text_of(answer), who


# --- actions on rows of a list ------------------------------------------------------------------


def actions() -> Iterator[tuple[str, str]]:
    for label, page in model_admins().items():
        for each in page.actions or ():
            yield label, each if isinstance(each, str) else each.__name__
        yield label, "delete_selected"


CONFIRMED = {"confirmed": "1", "post": "yes", "on": "2027-01-31", "alone": "on", "per_hour": "1"}


@pytest.mark.parametrize("label, action", sorted(set(actions())))
def test_no_action_touches_another_sites_rows(
    label: str, action: str, ours: MarkedSite, theirs: MarkedSite, browsers: dict[str, Client]
) -> None:
    rows = {OURS: ours.row(label), THEIRS: theirs.row(label)}
    form = CONFIRMED | {
        "action": action,
        ACTION_CHECKBOX_NAME: [str(row.pk) for row in rows.values()],
    }
    writers = ADMINS | PAGES[label].change | PAGES[label].delete | {"elsewhere"}
    for who, browser in browsers.items():
        strange = strange_to(who)
        for everything in ("0", "1"):
            with taken_back():
                before = {mark: stored(row) for mark, row in rows.items()}
                path = f"/admin/{label.replace('.', '/')}/"
                shift = f"{THEIRS if who == 'elsewhere' else OURS}early"
                answer = browser.post(path, form | {"select_across": everything, "shift": shift})
                assert answer.status_code < 500
                if strange:
                    assert strange not in text_of(answer), who
                    assert stored(rows[strange]) == before[strange], who
                if who not in writers:
                    assert {mark: stored(row) for mark, row in rows.items()} == before, who


def stored(row: Model) -> Any:
    return list(type(row)._base_manager.filter(pk=row.pk).values())
