"""A key is replaced without a gap: the new one is shown once, the old one ends when it was said."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from time_machine import TimeMachineFixture

from tests.workers.conftest import NOW, BrowserOf
from workers import keys
from workers.key_states import KeyState, in_state
from workers.models import Camera, IngestKey, Role, Site

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOWN = re.compile(r"fk_[0-9a-f]{12}_[0-9a-f]{64}")


@pytest.fixture(autouse=True)
def at_ten(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def issued(plant: Site) -> keys.IssuedKey:
    return keys.create_key(site=plant, camera=plant.cameras.get(), at=NOW)


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def is_good(text: str, at: datetime) -> bool:
    return keys.key_for(text, at=at) is not None


def test_both_keys_are_good_until_the_old_one_ends(issued: keys.IssuedKey) -> None:
    new = keys.rotate(issued.row, until=NOW + DAY, at=NOW)
    last = NOW + DAY - timedelta(milliseconds=1)
    assert (is_good(issued.text, last), is_good(new.text, last)) == (True, True)
    assert (is_good(issued.text, NOW + DAY), is_good(new.text, NOW + DAY)) == (False, True)


def test_the_new_key_is_of_the_same_sender(issued: keys.IssuedKey) -> None:
    new = keys.rotate(issued.row, until=NOW + DAY, at=NOW).row
    assert (new.site, new.camera) == (issued.row.site, issued.row.camera)


def test_a_key_that_ends_sooner_is_not_prolonged(plant: Site) -> None:
    old = keys.create_key(site=plant, expires_at=NOW + HOUR, at=NOW)
    keys.rotate(old.row, until=NOW + DAY, at=NOW)
    assert IngestKey.objects.get(pk=old.row.pk).expires_at == NOW + HOUR


@pytest.mark.parametrize("until", [NOW - HOUR, NOW + keys.MAX_OVERLAP + HOUR])
def test_an_end_in_the_past_or_far_away_is_refused(until: Any, issued: keys.IssuedKey) -> None:
    with pytest.raises(ValidationError):
        keys.rotate(issued.row, until=until, at=NOW)
    assert IngestKey.objects.count() == 1


def test_a_key_that_is_over_is_not_rotated(plant: Site) -> None:
    revoked = keys.create_key(site=plant, at=NOW).row
    keys.revoke(revoked, at=NOW)
    expired = keys.create_key(site=plant, expires_at=NOW + HOUR, at=NOW).row
    for key, at in ((revoked, NOW), (expired, NOW + HOUR)):
        with pytest.raises(ValidationError):
            keys.rotate(key, until=at + DAY, at=at)
    assert IngestKey.objects.count() == 2


def test_the_page_offers_a_day_on_the_sites_clock(issued: keys.IssuedKey, admin: Client) -> None:
    page = admin.get(_rotate(issued)).content.decode()
    assert "Europe/Berlin" in page
    assert 'value="2026-01-16T11:00"' in page  # tomorrow, an hour ahead of UTC


def test_the_new_key_stands_in_the_answer_and_nowhere_else(
    issued: keys.IssuedKey, admin: Client
) -> None:
    answer = admin.post(_rotate(issued), {"until": "2026-01-15T18:30", "confirmed": "1"})
    (shown,) = set(SHOWN.findall(answer.content.decode()))
    assert is_good(shown, NOW + DAY)
    assert IngestKey.objects.get(pk=issued.row.pk).expires_at == NOW.replace(hour=17, minute=30)
    assert "no-store" in answer.headers["Cache-Control"]
    assert shown not in str(answer.headers) + str(answer.cookies) + str(dict(admin.session))
    new = IngestKey.objects.latest("pk")
    for path in ("", f"{new.pk}/change/", f"{new.pk}/history/"):
        assert shown not in admin.get(f"/admin/workers/ingestkey/{path}").content.decode()


@pytest.mark.parametrize(
    "form, told",
    [
        ({"until": ""}, "This field is required"),
        ({"until": "soon"}, "Enter a valid date/time"),
        ({"until": "2025-01-01T00:00"}, "Choose a moment in the next 90 days"),
        ({"until": "2026-03-29T02:30"}, "couldn’t be interpreted"),  # the clocks skip it
        ({"until": "2026-01-16T00:00", "expires_at": "2026-01-01T00:00"}, "lies in the past"),
    ],
)
def test_a_wrong_moment_is_said_and_nothing_happens(
    form: dict[str, str], told: str, issued: keys.IssuedKey, admin: Client
) -> None:
    answer = admin.post(_rotate(issued), form | {"confirmed": "1"})
    assert told in answer.content.decode().replace("&#x27;", "’")
    assert IngestKey.objects.get().expires_at is None


def test_looking_at_the_page_rotates_nothing(issued: keys.IssuedKey, admin: Client) -> None:
    admin.get(_rotate(issued), {"until": "2026-01-16T00:00", "confirmed": "1"})
    admin.post(_rotate(issued), {"until": "2026-01-16T00:00"})
    assert IngestKey.objects.get().expires_at is None


@pytest.mark.parametrize("what", ["rotate", "revoke"])
@pytest.mark.parametrize("role", [*Role.values, "superuser", "stranger"])
def test_admins_rotate_and_revoke(
    role: str, what: str, issued: keys.IssuedKey, browser_of: BrowserOf
) -> None:
    answer = browser_of(role).get(f"/admin/workers/ingestkey/{issued.row.pk}/{what}/", follow=True)
    assert answer.status_code == (200 if role in ("admin", "superuser") else 403)


@pytest.mark.parametrize("what", ["rotate", "revoke"])
def test_keys_of_another_site_are_out_of_reach(what: str, foreign: Site, admin: Client) -> None:
    key = keys.create_key(site=foreign, at=NOW).row
    form = {"until": "2026-01-16T00:00", "confirmed": "1"}
    assert admin.post(f"/admin/workers/ingestkey/{key.pk}/{what}/", form).status_code == 403
    key.refresh_from_db()
    assert (key.expires_at, key.revoked_at) == (None, None)


def test_a_key_is_revoked_once_confirmed(issued: keys.IssuedKey, admin: Client) -> None:
    path = f"/admin/workers/ingestkey/{issued.row.pk}/revoke/"
    assert "can&#x27;t be brought back" in admin.post(path).content.decode()
    assert is_good(issued.text, NOW)
    admin.post(path, {"confirmed": "1"})
    assert not is_good(issued.text, NOW)


def test_revoking_many_asks_first(plant: Site, issued: keys.IssuedKey, admin: Client) -> None:
    other = keys.create_key(site=plant, at=NOW)
    form = {"action": "revoke", "_selected_action": [issued.row.pk, other.row.pk]}
    page = admin.post("/admin/workers/ingestkey/", form).content.decode()
    assert (str(issued.row) in page, str(other.row) in page) == (True, True)
    assert is_good(issued.text, NOW)
    admin.post("/admin/workers/ingestkey/", form | {"confirmed": "1"})
    assert not is_good(issued.text, NOW)
    assert not is_good(other.text, NOW)


def test_rotating_and_revoking_are_in_the_history(issued: keys.IssuedKey, admin: Client) -> None:
    admin.post(_rotate(issued), {"until": "2026-01-16T00:00", "confirmed": "1"})
    admin.post(f"/admin/workers/ingestkey/{issued.row.pk}/revoke/", {"confirmed": "1"})
    versions = issued.row.history.order_by("history_id")
    assert [v.history_type for v in versions] == ["+", "~", "~"]
    assert {str(v.history_user) for v in versions[1:]} == {"admin"}


# --- How keys stand ---------------------------------------------------------------------------


def make(site: Site, camera: Camera | None = None, **columns: Any) -> IngestKey:
    key = keys.create_key(site=site, camera=camera, at=NOW).row
    IngestKey.objects.filter(pk=key.pk).update(**columns)
    return key


def standing(key: IngestKey, at: datetime = NOW) -> set[str]:
    return {
        state
        for state in KeyState
        if in_state(IngestKey.objects.all(), state, at=at).filter(pk=key.pk).exists()
    }


@pytest.mark.parametrize(
    "columns, expected",
    [
        ({}, {"open", "unused"}),
        ({"last_used_at": NOW}, {"open"}),
        ({"expires_at": NOW + 14 * DAY, "last_used_at": NOW}, {"open", "expiring"}),
        ({"expires_at": NOW + 14 * DAY + HOUR, "last_used_at": NOW}, {"open"}),
        ({"expires_at": NOW}, {"expired"}),
        ({"revoked_at": NOW}, {"revoked"}),
        ({"revoked_at": NOW, "expires_at": NOW - DAY}, {"revoked"}),
    ],
)
def test_a_key_stands_so(columns: dict[str, Any], expected: set[str], plant: Site) -> None:
    assert standing(make(plant, **columns)) == expected


@pytest.mark.parametrize(
    "used, successor_used, leaves_a_gap",
    [
        (None, None, False),
        (NOW - 2 * HOUR, None, False),
        (NOW - HOUR / 2, None, True),  # its sender has not moved yet
        (NOW - HOUR / 2, NOW, False),
    ],
)
def test_a_replaced_key_asks_for_attention_while_its_sender_has_not_moved(
    used: Any, successor_used: Any, leaves_a_gap: bool, plant: Site
) -> None:
    camera = plant.cameras.get()
    old = make(plant, camera, expires_at=NOW + DAY, last_used_at=used)
    make(plant, camera, last_used_at=successor_used)
    assert (KeyState.EXPIRING in standing(old)) == leaves_a_gap


def test_only_a_key_of_the_same_sender_replaces_one(plant: Site, foreign: Site) -> None:
    of_camera = make(plant, plant.cameras.get(), expires_at=NOW + DAY)
    gateway = make(plant, expires_at=NOW + DAY)
    make(foreign)
    make(plant, Camera.objects.create(site=plant, code="C2", name="Door"))
    assert KeyState.EXPIRING in standing(of_camera) & standing(gateway)
    make(plant)
    assert KeyState.EXPIRING in standing(of_camera)
    assert KeyState.EXPIRING not in standing(gateway)


@pytest.mark.parametrize("state", [*KeyState, "", "no such"])
def test_the_list_is_narrowed_by_state(state: str, plant: Site, admin: Client) -> None:
    rows = [
        make(plant, last_used_at=NOW),
        make(plant, plant.cameras.get(), expires_at=NOW + DAY),
        make(plant, expires_at=NOW - DAY),
        make(plant, revoked_at=NOW),
    ]
    page = admin.get("/admin/workers/ingestkey/", {"state": state})
    listed = {key.pk for key in page.context["cl"].result_list}
    expected = {row.pk for row in rows if state not in set(KeyState) or state in standing(row)}
    assert listed == expected


def _rotate(issued: keys.IssuedKey) -> str:
    return f"/admin/workers/ingestkey/{issued.row.pk}/rotate/"
