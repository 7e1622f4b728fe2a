"""Whatever is sent, the answer is JSON with a code, and never a 500."""

import base64
from typing import Any

import pytest
from rest_framework.test import APIClient

from common.parsing import MAX_BODY
from tests.workers.conftest import rows_of
from tests.workers.kinds import BODIES, KINDS
from workers.models import Site, User

pytestmark = pytest.mark.django_db

HOSTILE_BODIES: list[Any] = [
    b"",
    b"{not json",
    b"null",
    b"[]",
    b'"text"',
    b"7",
    b"[" * 100_000,
    b'{"code": NaN}',
    b'{"code": 1e999}',
    b'{"code": "\\ud800"}',
    b'{"\\ud800": 1}',
    b"\xff\xfe",
    b'{"site": {"code": "F1"}}',
    b'{"site": ["F1"]}',
    b'{"site": null}',
]
HOSTILE_VALUES: list[Any] = [
    "a\x00b",
    10**30,
    1.5,
    True,
    None,
    {},
    [[]],
    "x" * 10_000,
    "1e999999999",
    "9999-12-31T23:59:59+14:00",
]
HOSTILE_QUERIES = [
    "site=%00",
    "code=%00",
    "name=%00",
    "cursor=nonsense",
    "cursor=" + base64.b64encode(b"p=x").decode(),
    "cursor=" + base64.b64encode(b"p=" + b"9" * 40).decode(),
    "page_size=-1",
    "page_size=99999999999999999999",
    "role=king",
    "format=xml",
]


@pytest.mark.parametrize("body", HOSTILE_BODIES, ids=range(len(HOSTILE_BODIES)))
def test_a_hostile_body_is_a_400(body: Any, plant: Site, admin: APIClient) -> None:
    answer = admin.generic("POST", "/api/v1/workers/", body, "application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] in ("invalid", "parse_error")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=range(len(HOSTILE_VALUES)))
def test_a_hostile_value_in_any_field_is_answered(
    value: Any, kind: str, plant: Site, newcomer: User, admin: APIClient
) -> None:
    pk = rows_of(plant)[kind].pk
    shown = admin.get(f"/api/v1/{kind}/{pk}/").json()
    for name in shown:
        made = admin.post(f"/api/v1/{kind}/", {"site": "F1", **BODIES[kind], name: value})
        changed = admin.patch(f"/api/v1/{kind}/{pk}/", {name: value})
        assert made.status_code in (201, 400), (name, made.content)
        assert changed.status_code in (200, 400), (name, changed.content)


@pytest.mark.parametrize("kind", ["sites", *KINDS])
def test_a_hostile_query_is_answered(kind: str, plant: Site, admin: APIClient) -> None:
    for query in HOSTILE_QUERIES:
        answer = admin.get(f"/api/v1/{kind}/?{query}")
        assert answer.status_code in (200, 400, 403, 404), query
        assert answer.headers["Content-Type"] == "application/json", query


@pytest.mark.parametrize("kind", ["sites", *KINDS])
def test_a_hostile_id_is_not_found(kind: str, plant: Site, admin: APIClient) -> None:
    for pk in ("0", "9" * 40, "abc", "-1", "%00", "1.5"):
        answer = admin.get(f"/api/v1/{kind}/{pk}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), pk


@pytest.mark.parametrize("kind", KINDS)
def test_another_media_type_is_a_415(kind: str, plant: Site, admin: APIClient) -> None:
    answer = admin.generic("POST", f"/api/v1/{kind}/", "code=W9", "text/plain")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_without_end_is_a_413(plant: Site, admin: APIClient) -> None:
    body: Any = b" " * (MAX_BODY + 1)
    answer = admin.generic("POST", "/api/v1/workers/", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["sites", *KINDS])
def test_options_are_answered(kind: str, plant: Site, admin: APIClient) -> None:
    assert admin.options(f"/api/v1/{kind}/").status_code == 200
