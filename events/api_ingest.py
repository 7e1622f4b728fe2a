"""The ingest API: cameras and edge boxes send events, each item gets its own answer."""

import gzip
import io
import zlib
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import authentication, exceptions, permissions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from common import clock
from common.http import RETRY_AFTER_S, unavailable
from common.instants import to_ms
from events import ingest, openapi, sinks
from events.domain.batch import Receipt
from events.domain.judgement import Sender
from events.domain.wire import (
    MAX_BYTES,
    MAX_EVENTS,
    MalformedBodyError,
    Message,
    TooManyEventsError,
    decode,
)
from events.one_writer import SiteGoneError
from events.sinks import BusyError
from workers.keys import Key


class AwayError(exceptions.APIException):
    """A 503: nobody can say now whose the key is."""

    status_code = 503
    default_code = "unavailable"
    wait = RETRY_AFTER_S


class KeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer fk_…`.

    The request's user is anonymous, its `auth` is the ingest key.
    """

    def authenticate(self, request: Request) -> tuple[None, Key]:
        """The key, or 401."""
        scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        try:
            key = _sent_key(text) if scheme.lower() == "bearer" else None
        except BusyError as error:
            raise AwayError(str(error)) from error
        if key is None:
            raise exceptions.NotAuthenticated("Send a valid ingest key: Authorization: Bearer fk_…")
        return None, key

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing key a 401."""
        return "Bearer"


def _sent_key(text: str) -> Key | None:
    return sinks.sink().key_for(text.strip(), at=clock.now())


def key_of(request: Request) -> Key:
    """The key that a request came with."""
    key: Any = request.auth
    return cast(Key, key)


class KeyThrottle(BaseThrottle):
    """INGEST_RATE requests per second and key.

    0 is no limit. Counted in fixed seconds, per process.
    """

    _seconds: dict[int, tuple[int, int]] = {}

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the key has requests left in this second."""
        if not settings.INGEST_RATE:
            return True
        second = to_ms(clock.now()) // 1000
        key_id = key_of(request).id
        began, count = self._seconds.get(key_id, (second, 0))
        count = count + 1 if began == second else 1
        self._seconds[key_id] = (second, count)
        return count <= settings.INGEST_RATE

    def wait(self) -> float:
        """Seconds until the next request may pass."""
        return 1.0


class AlwaysJson(BaseContentNegotiation):
    """A camera's Accept header says nothing: every answer is JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Bodies are decoded by events.domain.wire."""
        return None

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The only one."""
        return renderers[0], renderers[0].media_type


class HasKey(permissions.BasePermission):
    """An ingest key was given; that is all it takes to send."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Authentication has judged the key."""
        return isinstance(request.auth, Key)


class IngestView(APIView):
    """Takes events in. Every item gets its own answer.

    One that is refused is kept with its reason.
    """

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasKey]
    throttle_classes = [KeyThrottle]
    content_negotiation_class = AlwaysJson

    @extend_schema(**openapi.INGEST)
    def post(self, request: Request) -> Response:
        """Store events."""
        key = key_of(request)
        try:
            message = _message(request._request)
            sender = Sender(key.camera_code, message.camera_code)
            receipt = ingest.accept(
                message, site_id=key.site_id, sender=sender, received_at=to_ms(clock.now())
            )
        except _RefusedRequestError as refused:
            return Response({"code": refused.code, "detail": refused.detail}, status=refused.status)
        except SiteGoneError as error:
            raise exceptions.NotAuthenticated("The key's site is gone.") from error
        except BusyError as error:
            return unavailable(str(error))
        return _present_one(receipt) if _is_one(message, receipt) else _present(receipt)


class _RefusedRequestError(Exception):
    """The request as a whole can't be taken; nothing of it is stored."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


_MEDIA_TYPES = {"application/json": False, "application/x-ndjson": True}


def _message(request: HttpRequest) -> Message:
    media_type = (request.content_type or "").lower()
    if media_type not in _MEDIA_TYPES:
        raise _RefusedRequestError(
            415, "unsupported_media_type", "Send application/json or application/x-ndjson."
        )
    try:
        return decode(_body(request), is_ndjson=_MEDIA_TYPES[media_type])
    except MalformedBodyError as error:
        raise _RefusedRequestError(400, "malformed", str(error)) from error
    except (TooManyEventsError, RequestDataTooBig) as error:
        raise _RefusedRequestError(413, "too_large", _TOO_LARGE) from error


_TOO_LARGE = (
    f"At most {MAX_EVENTS:,} events and {MAX_BYTES // 1_000_000} MB (unpacked) in one request."
)


def _body(request: HttpRequest) -> bytes:
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip"):
        raise _RefusedRequestError(
            415, "unsupported_encoding", "Send the body plain or with Content-Encoding: gzip."
        )
    body = request.body
    if encoding == "gzip":
        body = _unpacked(body)
    if len(body) > MAX_BYTES:
        raise _RefusedRequestError(413, "too_large", _TOO_LARGE)
    return body


def _unpacked(body: bytes) -> bytes:
    """Stops one byte past the limit, so that a bomb costs no memory."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise MalformedBodyError(f"Not gzip: {error}") from error


def _is_one(message: Message, receipt: Receipt) -> bool:
    """One bare object, or a heartbeat that was refused.

    The answer speaks of the request as a whole.
    """
    return message.is_single or (not message.items and bool(receipt.refused))


def _present(receipt: Receipt) -> Response:
    refused = [
        {"index": index, "code": refusal.code, "detail": refusal.detail}
        for index, refusal in sorted(receipt.refused.items())
    ]
    if receipt.queued is not None:
        counts = {"received": receipt.received, "queued": receipt.queued}
        return Response({**counts, "refused": refused}, status=202)
    counts = {
        "received": receipt.received,
        "accepted": receipt.accepted,
        "duplicate": receipt.duplicate,
    }
    return Response({**counts, "refused": refused})


def _present_one(receipt: Receipt) -> Response:
    if receipt.queued:
        return _present(receipt)
    if receipt.accepted:
        return Response({"status": "accepted"}, status=201)
    if receipt.duplicate:
        return Response({"status": "duplicate"})
    refusal = receipt.refused[0]
    if refusal.code == "camera_not_allowed":
        return Response({"code": refusal.code, "detail": refusal.detail}, status=403)
    return Response(
        {"status": "refused", "code": refusal.code, "detail": refusal.detail}, status=422
    )
