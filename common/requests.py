"""What every request shares: its number, how long it took, and its line in the log."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from common import telemetry
from common.logs import KNOWN

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")  # what a proxy may give us; else we make our own
SLOW_S = 1.0
SECRET_PARTS = ("token", "uidb64")  # names of what opens a door by standing in an address

log = logging.getLogger("factory.requests")


class RequestMiddleware:
    """The outermost one: whatever answers, the answer has passed here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Numbers, times, counts and perhaps logs it."""
        began = time.perf_counter()
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        number = given if given and SANE.fullmatch(given) else _new_number()
        token = KNOWN.set({"request_id": number})
        try:
            response = self._get_response(request)
            seconds = time.perf_counter() - began
            telemetry.count_request(request, response.status_code, seconds)
            if response.status_code >= 500 or seconds > SLOW_S or settings.LOG_REQUESTS:
                _tell(request, response.status_code, seconds)
        finally:
            KNOWN.reset(token)
        response.headers[HEADER] = number
        return response


def _new_number() -> str:
    """Unique in this process by counting, and among processes by chance."""
    return f"{_PROCESS}{next(_counter):08x}"


_PROCESS, _counter = secrets.token_hex(4), count(1)


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    fields = {
        "method": request.method,
        "path": safe_path(request),
        "status": status,
        "ms": round(seconds * 1000, 1),
        **_site(request),
    }
    level = (
        logging.ERROR if status >= 500 else logging.WARNING if seconds > SLOW_S else logging.INFO
    )
    words = "%(method)s %(path)s %(status)s in %(ms)s ms"
    log.log(level, words, fields, extra={"fields": fields})


def safe_path(request: HttpRequest) -> str:
    """The path, never the query; what opens a door is left out, and so is what we do not know."""
    match = request.resolver_match
    if match is None:
        first = request.path.split("/", 2)[1]
        return quote(f"/{first}/…" if request.path.count("/") > 1 else f"/{first}", safe="/…")
    path = request.path
    for name in SECRET_PARTS:
        if value := str(match.kwargs.get(name, "")):
            path = path.replace(value, "…")
    return quote(path, safe="/…")


def _site(request: HttpRequest) -> dict[str, Any]:
    """Its code, or its id where a key has told it."""
    match = request.resolver_match
    code = match.kwargs.get("code") if match else None
    if code := code or request.GET.get("site"):
        return {"site": str(code)[:64]}
    site_id = getattr(getattr(request, "auth", None), "site_id", None)
    return {"site_id": site_id} if site_id else {}
