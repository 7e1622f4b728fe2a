"""Pictures over HTTP: cameras send them with their key, reviewers look at them."""

import errno
from typing import NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.http import disk_full
from common.instants import to_ms
from events import openapi, snapshots
from events.api_ingest import AlwaysJson, HasKey, KeyAuthentication, KeyThrottle, key_of
from events.domain.judgement import FUTURE_MS, instant_of
from events.models import Snapshot
from events.pictures import MAX_BYTES, MEDIA_TYPE, BadPictureError
from workers.access import roles_of
from workers.domain.master import CameraInfo, is_active
from workers.keys import Key
from workers.models import Role, Site
from workers.queries import master_data

FORM_BYTES = 50_000  # around the picture: boundaries and the other fields


class _RefusedError(Exception):
    """The upload can't be kept."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class _Upload(NamedTuple):
    content: bytes
    camera: CameraInfo
    taken_ms: int | None


class SnapshotsView(APIView):
    """Takes a picture in and answers the id by which events name it."""

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasKey]
    throttle_classes = [KeyThrottle]
    content_negotiation_class = AlwaysJson

    @extend_schema(**openapi.SNAPSHOT)
    def post(self, request: Request) -> Response:
        """Keep a picture. Safe to repeat."""
        key, now_ms = key_of(request), to_ms(clock.now())
        try:
            upload = _upload(request._request, key, now_ms)
            snapshot = snapshots.keep(
                upload.content,
                site_id=key.site_id,
                camera_id=upload.camera.id,
                taken_ms=upload.taken_ms,
                now_ms=now_ms,
            )
        except _RefusedError as refused:
            return Response({"code": refused.code, "detail": refused.detail}, status=refused.status)
        except BadPictureError as error:
            status = _STATUS[error.code]
            return Response({"code": error.code, "detail": str(error)}, status=status)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                return disk_full()
            raise
        return Response({"id": snapshot.public_id}, status=201)


_STATUS = {"unsupported_media_type": 415, "too_large": 413, "invalid": 422}


class SnapshotView(APIView):
    """A picture, for those who review events of its site."""

    content_negotiation_class = AlwaysJson  # an <img> does not ask for JSON

    @extend_schema(
        summary="Look at a picture",
        responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY, 404: OpenApiResponse()},
    )
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """Its bytes, kept by no cache."""
        roles = roles_of(request.user)
        own = Snapshot.objects.filter(roles.condition(Role.VIEWER, "site"), public_id=public_id)
        snapshot = own.first()
        if snapshot is None:
            raise Http404
        if not roles.allow(Role.REVIEWER, snapshot.site_id):
            raise exceptions.PermissionDenied("Pictures are for reviewers of the site.")
        try:
            with snapshots.open(snapshot) as file:
                content = file.read()
        except FileNotFoundError as error:
            raise Http404 from error
        return HttpResponse(content, content_type=MEDIA_TYPE, headers=_PRIVATE)


_PRIVATE = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def _upload(request: HttpRequest, key: Key, now_ms: int) -> _Upload:
    if (request.content_type or "").lower() != "multipart/form-data":
        raise _RefusedError(415, "unsupported_media_type", "Send multipart/form-data.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MAX_BYTES + FORM_BYTES:
        raise _RefusedError(413, "too_large", f"A picture may have {MAX_BYTES:,} bytes.")
    try:
        form, image = request.POST, request.FILES.get("image")
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError) as error:
        raise _RefusedError(400, "malformed", f"The form can't be read: {error}") from error
    if image is None:
        raise _RefusedError(400, "malformed", "The form has no file in its field `image`.")
    taken_ms = _taken(form.get("taken_at"), now_ms)
    camera = _camera(form.get("camera_id"), key, now_ms if taken_ms is None else taken_ms)
    return _Upload(image.read(), camera, taken_ms)


def _taken(text: str | None, now_ms: int) -> int | None:
    if not text:
        return None
    taken_ms = instant_of(text)
    if taken_ms is None:
        raise _RefusedError(422, "invalid", "`taken_at` is an RFC 3339 time with offset.")
    if taken_ms > now_ms + FUTURE_MS:
        raise _RefusedError(422, "future", "More than 10 minutes ahead of the server's clock")
    return taken_ms


def _camera(code: str | None, key: Key, at: int) -> CameraInfo:
    if key.camera_code is not None and code not in (None, "", key.camera_code):
        raise _RefusedError(403, "camera_not_allowed", f"The key belongs to {key.camera_code}")
    code = code or key.camera_code
    if code is None:
        raise _RefusedError(422, "invalid", "A gateway's key says no camera: send `camera_id`")
    site = Site.objects.filter(pk=key.site_id).first()
    if site is None:
        raise exceptions.NotAuthenticated("The key's site is gone.")
    if not site.takes_snapshots:
        raise _RefusedError(403, "snapshots_off", "This site takes no pictures")
    camera = master_data(site).cameras.get(code)
    if camera is None or not is_active(camera.active, at):
        raise _RefusedError(422, "unknown_camera", f"There is no camera {code!r} at this site then")
    return camera
