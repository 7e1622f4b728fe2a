"""Errors speak the language of who asks: JSON under /api/, a page elsewhere."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from common import http
from tests.floor import Floor


def request(path: str) -> HttpRequest:
    return RequestFactory().get(path)


ERRORS = [
    (http.bad_request, (ValueError(),), 400, "bad_request"),
    (http.forbidden, (PermissionDenied(),), 403, "permission_denied"),
    (http.not_found, (Http404(),), 404, "not_found"),
    (http.locked_out, (), 429, "locked_out"),
    (http.server_error, (), 500, "error"),
]


@pytest.mark.parametrize("view, arguments, status, code", ERRORS)
def test_error_of_the_api_is_json(
    view: Callable[..., HttpResponse], arguments: tuple[Exception, ...], status: int, code: str
) -> None:
    response = view(request("/api/v1/nothing/"), *arguments)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/json")
    assert f'"code": "{code}"' in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError(), InterfaceError()])
def test_database_that_is_away_is_503(error: Exception) -> None:
    response = http.answer_exception(error, {})
    assert response is not None
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")


def test_fault_of_ours_is_none_of_its_business() -> None:
    assert http.answer_exception(KeyError(), {}) is None


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v1/events/x/y/"])
def test_address_that_the_api_does_not_have_is_json(db: None, path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_cursor_that_was_tampered_with_is_404(floor: Floor) -> None:
    floor.client.force_login(floor.manager, backend="workers.authentication.MembershipBackend")
    response = floor.client.get("/api/v1/events/", {"site": "F1", "cursor": "cD1ub3RoaW5n"})
    assert response.status_code == 404
