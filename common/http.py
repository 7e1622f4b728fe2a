"""What every HTTP answer of the API shares.

JSON in and out, errors with a code, cursor pages, and policies by path.
"""

import sys
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from rest_framework import exceptions, pagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from common.dialect import is_disk_full

RETRY_AFTER_S = 2  # a busy or absent database is asked again soon


class CursorPages(pagination.CursorPagination):
    """Newest first, `?page_size=`, `next` and `previous` as links."""

    ordering = "-id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1_000

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """A cursor that was tampered with is not found."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except ValueError as error:
            raise exceptions.NotFound("Invalid cursor") from error


def answer_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{"code", "detail"}`.

    A full disk is a 507, a busy or absent database a 503, none of them a 500.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return disk_full() if is_disk_full(error) else unavailable()
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {
            "code": "invalid",
            "detail": "Some fields are wrong.",
            "fields": error.detail,
        }
    else:
        response.data = {
            "code": _code_of(error),
            "detail": str(getattr(error, "detail", "") or _PLAIN[response.status_code]),
        }
    return response


_AWAY = "The database is away or busy; nothing was stored."
_FULL = "The server's disk is full; nothing was stored."


def unavailable(detail: str = _AWAY) -> Response:
    """An answer that asks to try again."""
    return _come_back(503, "unavailable", detail)


def disk_full() -> Response:
    """An answer that asks to try again, once somebody has made room."""
    return _come_back(507, "disk_full", _FULL)


def _come_back(status: int, code: str, detail: str) -> Response:
    return Response(
        {"code": code, "detail": detail}, status=status, headers={"Retry-After": str(RETRY_AFTER_S)}
    )


_PLAIN = {403: "Not allowed.", 404: "Not found."}


def _code_of(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    return str(error.get_codes()) if isinstance(error, exceptions.APIException) else "error"


class PolicyMiddleware(CSPMiddleware):
    """The strict content security policy, and a wider one where settings name a path for it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Adds the header."""
        for path, policy in settings.WIDER_POLICIES.items():
            if request.path.startswith(path):
                response._csp_replace = policy  # type: ignore[attr-defined]
        return super().process_response(request, response)


def is_api(request: HttpRequest) -> bool:
    """Whether the path belongs to the API, whose answers are JSON whatever happens."""
    return request.path.startswith("/api/")


def _error(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if is_api(request):
        return JsonResponse({"code": code, "detail": detail}, status=status)
    return render(request, "error.html", {"status": status, "detail": detail}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 outside DRF, such as a wrong Host."""
    return _error(request, 400, "bad_request", "The request could not be read.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 outside DRF."""
    return _error(request, 403, "permission_denied", "Your role does not allow this.")


def locked_out(request: HttpRequest, *_details: object) -> HttpResponse:
    """After too many failed log-ins."""
    detail = "Too many failed log-ins. Try again in a quarter of an hour."
    return _error(request, 429, "locked_out", detail)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 outside DRF."""
    return _error(request, 404, "not_found", "There is nothing here.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Where the database is busy, away or full, 503 or 507 as in the API."""
    fault = sys.exc_info()[1]  # Django calls this while it handles the exception
    if isinstance(fault, OperationalError | InterfaceError):
        full = is_disk_full(fault)
        what = (507, "disk_full", _FULL) if full else (503, "unavailable", _AWAY)
        response = _error(request, *what)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return _error(request, 500, "error", "Something went wrong here; it has been logged.")
