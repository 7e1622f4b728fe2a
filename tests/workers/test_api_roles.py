"""Who may read and write which master data, and that other sites do not exist."""

from typing import Any

import pytest
from django.db import transaction

from tests.workers.conftest import ClientOf, rows_of
from tests.workers.kinds import BODIES, KINDS, may_read
from workers.models import Membership, Role, Site, User

ROLES = [*Role.values, "superuser"]
pytestmark = pytest.mark.django_db


def body(kind: str, site: str) -> dict[str, Any]:
    return {"site": site, **BODIES[kind]}


def readers(kind: str) -> dict[str, int]:
    """What each role is answered when it reads."""
    return {role: 200 if role == "superuser" or may_read(role, kind) else 403 for role in ROLES}


def writers(status: int) -> dict[str, int]:
    """What each role is answered when it writes, `status` being success."""
    return {role: status if role in ("admin", "superuser") else 403 for role in ROLES}


@pytest.mark.parametrize("kind", KINDS)
def test_list_is_open_to_whom_it_concerns(kind: str, plant: Site, client_of: ClientOf) -> None:
    rows_of(plant)
    assert {
        role: client_of(role).get(f"/api/v1/{kind}/?site=F1").status_code for role in ROLES
    } == readers(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_object_is_open_to_whom_it_concerns(kind: str, plant: Site, client_of: ClientOf) -> None:
    path = f"/api/v1/{kind}/{rows_of(plant)[kind].pk}/"
    assert {role: client_of(role).get(path).status_code for role in ROLES} == readers(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_only_site_admins_create(
    kind: str, plant: Site, newcomer: User, client_of: ClientOf
) -> None:
    answers = {}
    for role in ROLES:
        with transaction.atomic():
            answer = client_of(role).post(f"/api/v1/{kind}/", body(kind, "F1"))
            answers[role] = answer.status_code
            transaction.set_rollback(True)
    assert answers == writers(201)


@pytest.mark.parametrize("kind", KINDS)
def test_only_site_admins_change(kind: str, plant: Site, client_of: ClientOf) -> None:
    path = f"/api/v1/{kind}/{rows_of(plant)[kind].pk}/"
    answers = {role: client_of(role).patch(path, {}).status_code for role in ROLES}
    assert answers == writers(200)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "shifts"])
def test_only_site_admins_delete(kind: str, plant: Site, client_of: ClientOf) -> None:
    answers = {}
    for role in ROLES:
        path = f"/api/v1/{kind}/{rows_of(plant)[kind].pk}/"
        with transaction.atomic():
            answers[role] = client_of(role).delete(path).status_code
            transaction.set_rollback(True)
    assert answers == writers(204)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", [*Role.values, "stranger"])
def test_another_sites_object_is_not_found(
    role: str, kind: str, foreign: Site, client_of: ClientOf
) -> None:
    client, path = client_of(role), f"/api/v1/{kind}/{rows_of(foreign)[kind].pk}/"
    answers = [getattr(client, method)(path) for method in ("get", "put", "patch", "delete")]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(404, "not_found")] * 4


@pytest.mark.parametrize("kind", KINDS)
def test_another_sites_list_is_not_found(kind: str, foreign: Site, client_of: ClientOf) -> None:
    assert client_of("admin").get(f"/api/v1/{kind}/?site=F2").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_list_leaves_other_sites_out(
    kind: str, plant: Site, foreign: Site, client_of: ClientOf
) -> None:
    rows_of(plant)
    rows_of(foreign)
    answer = client_of("admin").get(f"/api/v1/{kind}/").json()
    assert {row["site"] for row in answer["results"]} == {"F1"}


@pytest.mark.parametrize("kind", KINDS)
def test_creating_at_another_site_does_not_tell_that_it_exists(
    kind: str, foreign: Site, client_of: ClientOf
) -> None:
    client = client_of("admin")
    at_foreign = client.post(f"/api/v1/{kind}/", body(kind, "F2"))
    at_none = client.post(f"/api/v1/{kind}/", body(kind, "F3"))
    assert at_foreign.status_code == at_none.status_code == 400
    assert at_foreign.content.replace(b"F2", b"F3") == at_none.content


def test_a_list_holds_only_the_sites_where_the_role_suffices(
    plant: Site, foreign: Site, client_of: ClientOf
) -> None:
    client = client_of("viewer")
    Membership.objects.create(
        user=User.objects.get(username="viewer"), site=foreign, role="manager"
    )
    answer = client.get("/api/v1/workers/").json()
    assert [row["site"] for row in answer["results"]] == ["F2"]


def test_an_admin_elsewhere_may_not_create_where_they_only_view(
    plant: Site, foreign: Site, client_of: ClientOf
) -> None:
    client = client_of("viewer")
    Membership.objects.create(user=User.objects.get(username="viewer"), site=foreign, role="admin")
    assert client.post("/api/v1/workers/", body("workers", "F1")).status_code == 403


@pytest.mark.parametrize("kind", ["sites", *KINDS])
def test_without_log_in_nothing_is_answered(kind: str, plant: Site, client: Any) -> None:
    assert client.get(f"/api/v1/{kind}/").status_code == 401
